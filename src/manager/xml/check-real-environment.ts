import { INTERFACE_PREFIXES } from '../../machine-interfaces.js';
import type { Host, Hypervisor } from '../model/host.js';
import type { RealEnvironment } from '../model/real-environment.js';
import { isHostAddress } from './address-kinds.js';
import { Ends, leadsToItself } from './ends.js';
import type { ModelFindings } from './model-findings.js';
import { quoted } from './printable.js';

const RENAME = 'Give one of the two another name.';

/** Checks what a schema cannot: names and addresses that are there twice, and references to nothing. */
export function checkRealEnvironment(environment: RealEnvironment, findings: ModelFindings): void {
  const { credentials, hosts, switches, routers } = environment;
  const credentialNames = findings.unique(RENAME);
  for (const each of credentials) {
    credentialNames.claim(each.name, each, 'name', () => `the name ${quoted(each.name)} of credentials`);
  }
  // Hosts, switches and routers share their names, because a link may end at any of them.
  const names = findings.unique(RENAME);
  for (const [kind, list] of [
    ['switch', switches],
    ['host', hosts],
    ['router', routers],
  ] as const) {
    for (const each of list) names.claim(each.name, each, 'name', () => `the ${kind} ${quoted(each.name)}`);
  }
  checkAddresses(environment, findings);
  checkMachines(hosts, findings);
  if (findings.complete) checkCredentials(environment, findings);
  checkPhysicalLinks(environment, findings);
}

function checkAddresses({ hosts, routers }: RealEnvironment, findings: ModelFindings): void {
  const addresses = findings.unique('Give each host and router an address of its own.');
  for (const each of [...hosts, ...routers]) {
    const address = each.address.toString();
    addresses.claim(address, each, 'address', () => `the address ${address}`, each.name);
    if (!isHostAddress(each.address)) {
      findings.add(
        each,
        'address',
        `${address} is no address of a single machine`,
        'Write the address where it answers.',
        each.name,
      );
    }
  }
}

/** Behind an uplink that looks like a machine's interface, the machines of other hosts would never be known. */
function checkUplink(
  { name, hypervisor }: Host,
  bridge: object,
  uplink: string,
  findings: ModelFindings,
): void {
  const prefixesOf: Readonly<Partial<Record<Hypervisor, readonly string[]>>> = INTERFACE_PREFIXES;
  if (hypervisor === undefined) return;
  if (prefixesOf[hypervisor]?.some((prefix) => uplink.startsWith(prefix)) !== true) return;
  findings.add(
    bridge,
    'uplink',
    `the uplink ${quoted(uplink)} is called as ${hypervisor} calls the interfaces of machines, so that what comes from other hosts would be held`,
    `Rename it on the host: ip link set dev ${uplink} name uplink0.`,
    name,
  );
}

function checkMachines(hosts: readonly Host[], findings: ModelFindings): void {
  const machines = findings.unique('A machine runs on one host: remove one of the two, or rename it.');
  const macs = findings.unique('Give each vif a MAC address of its own.');
  const inClusters = new Map<string, ReturnType<ModelFindings['unique']>>();
  for (const host of hosts) {
    const interfaces = findings.unique(
      'The interfaces of a host need different names: rename one of the two.',
    );
    const { cluster } = host;
    const shared =
      cluster === undefined
        ? undefined
        : (inClusters.get(cluster) ??
          findings.unique('Machines of a cluster may come to the same host: rename one of the two vifs.'));
    if (cluster !== undefined && shared !== undefined) inClusters.set(cluster, shared);
    const claim = (name: string, object: object, attribute: string): void => {
      interfaces.claim(
        name,
        object,
        attribute,
        () => `the interface ${quoted(name)} of ${host.name}`,
        `${host.name}/${name}`,
      );
    };
    for (const bridge of host.bridges) {
      claim(bridge.name, bridge, 'name');
      if (bridge.uplink === undefined) continue;
      claim(bridge.uplink, bridge, 'uplink');
      checkUplink(host, bridge, bridge.uplink, findings);
    }
    for (const vm of host.vms) {
      machines.claim(vm.name, vm, 'name', () => `the machine ${quoted(vm.name)}`);
      for (const vif of vm.vifs) {
        claim(vif.name, vif, 'name');
        shared?.claim(
          vif.name,
          vif,
          'name',
          () => `the vif ${quoted(vif.name)} of the cluster ${quoted(cluster ?? '')}`,
        );
        const subject = `${host.name}/${vif.name}`;
        const mac = vif.mac?.toString();
        if (mac !== undefined) macs.claim(mac, vif, 'mac', () => `the MAC address ${mac}`, subject);
        if (mac === '00:00:00:00:00:00') {
          findings.add(
            vif,
            'mac',
            'the MAC address 00:00:00:00:00:00 stands for none',
            'Write the address as the machine sees it, or leave mac out.',
            subject,
          );
        }
      }
    }
    if (findings.complete) checkBridges(host, findings);
  }
  if (findings.complete) checkClusters(hosts, findings);
}

/** A machine that moves finds the same bridge on each host. */
function checkClusters(hosts: readonly Host[], findings: ModelFindings): void {
  for (const host of hosts) {
    const others = hosts.filter(({ cluster }) => cluster !== undefined && cluster === host.cluster);
    for (const vm of host.vms) {
      for (const vif of vm.vifs) {
        const lacking = others.find(({ bridges }) => !bridges.some(({ name }) => name === vif.bridge));
        if (lacking === undefined || lacking === host) continue;
        findings.add(
          vif,
          'bridge',
          `${lacking.name}, of the same cluster, has no bridge ${quoted(vif.bridge)}`,
          `Machines move between hosts whose bridges have the same names: add <bridge name="${vif.bridge}"/> to ${lacking.name}.`,
          `${host.name}/${vif.name}`,
        );
      }
    }
  }
}

function checkBridges(host: Host, findings: ModelFindings): void {
  const bridges = host.bridges.map((bridge) => bridge.name);
  for (const vif of host.vms.flatMap((vm) => vm.vifs)) {
    if (bridges.includes(vif.bridge)) continue;
    findings.add(
      vif,
      'bridge',
      `${host.name} has no bridge ${quoted(vif.bridge)}`,
      bridges.length === 0
        ? `Add <bridge name="${vif.bridge}"/> to the host.`
        : `Its bridges are ${bridges.join(', ')}.`,
      `${host.name}/${vif.name}`,
    );
  }
}

function checkCredentials({ credentials, hosts }: RealEnvironment, findings: ModelFindings): void {
  const names = credentials.map((each) => each.name);
  for (const host of hosts) {
    const wanted = host.agent.credentials;
    if (names.includes(wanted)) continue;
    findings.add(
      host.agent,
      'credentials',
      `there are no credentials ${quoted(wanted)}`,
      names.length === 0
        ? `Add <credentials name="${wanted}" …/>.`
        : `The credentials of the file are ${names.join(', ')}.`,
      host.name,
    );
  }
}

function checkPhysicalLinks(environment: RealEnvironment, findings: ModelFindings): void {
  const ends = new Ends(
    [...environment.hosts, ...environment.switches, ...environment.routers].map((each) => each.name),
    'host, switch or router',
    'Name a host, switch or router of this file.',
  );
  const pairs = findings.unique('Keep one of the two; its bandwidth is that of both together.');
  for (const link of environment.links) {
    const subject = `${link.from}–${link.to}`;
    if (leadsToItself(link, findings, subject)) continue;
    pairs.claim(
      [link.from, link.to].sort().join(' '),
      link,
      'from',
      () => `the link between ${quoted(link.from)} and ${quoted(link.to)}`,
      subject,
    );
    if (findings.complete) ends.check(link, findings, subject);
  }
}
