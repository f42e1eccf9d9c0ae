import type { Access } from '../model/access.js';
import type { Node } from '../model/node.js';
import type { Site } from '../model/site.js';
import type { IpNetwork } from '../../units/ip-network.js';
import { isNodeAddress, reservedAddressKind } from './address-kinds.js';
import { checkOverlay } from './check-overlay.js';
import { checkLine } from './check-line.js';
import { checkMtu } from './check-mtu.js';
import { checkRoutes } from './check-routes.js';
import type { ModelFindings } from './model-findings.js';
import { quoted } from './printable.js';

/** Checks sites with their networks, nodes and routes. */
export function checkSites(sites: readonly Site[], findings: ModelFindings): void {
  const names = findings.unique('Give one of the two another name.');
  for (const site of sites) {
    names.claim(site.name, site, 'name', () => `the site ${quoted(site.name)}`);
    if (site.access !== undefined) {
      checkAccess(site.access, site.name, findings);
      checkMtu(site.access, site.name, findings);
    }
    checkOverlay(site, findings);
  }
  checkNetworks(sites, findings);
  checkNodes(sites, findings);
  for (const site of sites) checkRoutes(site, sites, findings);
}

function checkNetworks(sites: readonly Site[], findings: ModelFindings): void {
  const all = sites
    .flatMap((site) => site.networks.map((network) => ({ site, network, key: sortKey(network) })))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  let wide = all[0];
  for (const each of all.slice(1)) {
    // Two networks overlap only where one contains the other, and the wider one sorts first.
    if (wide?.network.overlaps(each.network) === true) {
      const [first, second] =
        findings.lineOf(wide.site) <= findings.lineOf(each.site) ? [wide, each] : [each, wide];
      findings.add(
        second.site,
        'network',
        `the network ${second.network.toString()} of ${second.site.name} overlaps ${first.network.toString()} of ${first.site.name} in line ${String(findings.lineOf(first.site, 'network'))}`,
        'Give each site networks of its own.',
        second.site.name,
      );
    } else {
      wide = each;
    }
  }
}

function sortKey(network: IpNetwork): string {
  const address = Buffer.from(network.address.octets).toString('hex');
  return `${String(network.version)} ${address} ${String(network.prefixLength).padStart(3, '0')}`;
}

function checkNodes(sites: readonly Site[], findings: ModelFindings): void {
  const siteNames = new Set(sites.map((site) => site.name));
  const interfaces = findings.unique(
    'A machine, or each of its vifs, belongs to one site: remove one of the two.',
  );
  const addresses = findings.unique('Give each node addresses of its own.');
  const wholeMachines = new Set(
    sites
      .flatMap((site) => site.nodes)
      .filter((node) => node.vif === undefined)
      .map((node) => node.vm),
  );
  for (const site of sites) {
    const inSite = findings.unique('A machine is one node of a site: remove one of the two.');
    for (const node of site.nodes) {
      const subject = `${site.name}/${node.vm}`;
      const what = (): string => `the node ${quoted(node.vm)}`;
      // Within a site the name alone stands for the node, for instance in a route; elsewhere its vif tells.
      if (!inSite.claim(node.vm, node, 'vm', what, subject)) {
        const key = wholeMachines.has(node.vm) || node.vif === undefined ? node.vm : `${node.vm} ${node.vif}`;
        interfaces.claim(key, node, 'vm', what, subject);
      }
      if (siteNames.has(node.vm)) {
        findings.add(
          node,
          'vm',
          `${quoted(node.vm)} is a node and a site`,
          'Rename the site, so that a link can name either.',
          subject,
        );
      }
      for (const address of node.addresses) {
        const text = address.toString();
        addresses.claim(text, node, 'address', () => `the address ${text}`, subject);
      }
      checkPlace(node, site, findings);
      if (node.access === undefined) continue;
      checkAccess(node.access, subject, findings);
      checkMtu(node.access, subject, findings);
    }
  }
}

function checkAccess(access: Access, subject: string, findings: ModelFindings): void {
  for (const line of [access, access.sent, access.received]) {
    if (line !== undefined) checkLine(line, subject, findings);
  }
}

/** Whether the addresses of a node lie in its site and can belong to a machine. */
function checkPlace(node: Node, site: Site, findings: ModelFindings): void {
  for (const address of node.addresses) {
    const subject = `${site.name}/${node.vm}`;
    const text = address.toString();
    const network = site.networks.find((each) => each.contains(address));
    const reserved = network === undefined ? undefined : reservedAddressKind(address, network);
    if (network === undefined) {
      findings.add(
        node,
        'address',
        `the address ${text} is in no network of ${site.name}`,
        `Its networks are ${site.networks.join(', ')}.`,
        subject,
      );
    } else if (reserved !== undefined) {
      findings.add(
        node,
        'address',
        `${text} is the ${reserved} address of ${network.toString()}`,
        'Give the node an address between the first and the last one of the network.',
        subject,
      );
    } else if (!isNodeAddress(address)) {
      findings.add(
        node,
        'address',
        `${text} cannot be given to a machine`,
        "Write a unicast address; loopback and link-local ones are each machine's own, and those of ::/80 stand for IPv4 ones.",
        subject,
      );
    }
  }
}
