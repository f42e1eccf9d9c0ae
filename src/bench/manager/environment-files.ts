import { MacAddress } from '../../units/mac-address.js';
import { hostName } from '../network/environment.js';

/** How large an environment is made. */
export interface EnvironmentSize {
  readonly machines: number;
  readonly hosts: number;
}

/** The two files of one environment. */
export interface EnvironmentFiles {
  readonly real: string;
  readonly virtual: string;
}

const NODES_PER_SITE = 100;
const HOSTS_PER_SITE = 4;
const HOSTS_PER_SWITCH = 40;
/** Each site is linked with the next one, and with the one so far behind it. */
const SECOND_LINK = 37;
/** Every so many nodes have a line with a bandwidth of their own. */
const OWN_BANDWIDTH = 50;
/** One node of every so many sites is further away than the others. */
const OWN_LATENCY = 20;
const RULES = 20;

/**
 * Makes the two files of an environment as people write them: sites of a hundred nodes with a proxy, each on four hosts and
 * linked with up to four others; lines for all nodes and others for some; a few rules; hosts at switches below one other.
 * The same size gives the same files.
 */
export function environmentFiles({ machines, hosts }: EnvironmentSize): EnvironmentFiles {
  const sites = Math.ceil(machines / NODES_PER_SITE);
  const places = Array.from({ length: hosts }, (): number[] => []);
  for (let machine = 0; machine < machines; machine++) {
    const [site, member] = [Math.floor(machine / NODES_PER_SITE), machine % NODES_PER_SITE];
    const part = Math.floor((member * HOSTS_PER_SITE) / NODES_PER_SITE);
    places[(site * HOSTS_PER_SITE + part) % hosts]?.push(machine);
  }
  return { real: realFile(places), virtual: virtualFile(machines, sites) };
}

const machineName = (machine: number): string => `vm${String(machine).padStart(6, '0')}`;
const siteName = (site: number): string => `site${String(site + 1)}`;
const nodeName = (site: number, member: number): string => machineName(site * NODES_PER_SITE + member);

const macOf = (machine: number): string =>
  MacAddress.ofOctets(
    Uint8Array.of(0, 0x16, 0x3e, machine >> 16, (machine >> 8) & 255, machine & 255),
  ).toString();

function realFile(places: readonly (readonly number[])[]): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<real-environment xmlns="urn:netmgr:real-environment:1" name="large">',
    '  <credentials name="bench" user="netmgr" from="env:NETMGR_BENCH"/>',
    '  <switch name="core"/>',
  ];
  for (const [host, machines] of places.entries()) {
    const rack = `rack${String(Math.floor(host / HOSTS_PER_SWITCH) + 1)}`;
    if (host % HOSTS_PER_SWITCH === 0) {
      lines.push(
        `  <switch name="${rack}"/>`,
        `  <link from="${rack}" to="core" bandwidth="400gbit" latency="2us"/>`,
      );
    }
    const address = `172.16.${String((host >> 8) & 255)}.${String(host & 255).replace(/^0$/, '254')}`;
    lines.push(
      `  <host name="${hostName(host + 1)}" address="${address}" hypervisor="namespace" memory="4096GiB" cpus="64">`,
      '    <agent port="161" credentials="bench"/>',
      '    <bridge name="br0" uplink="eth0"/>',
      ...machines.flatMap((machine) => [
        `    <vm name="${machineName(machine)}" memory="256MiB">`,
        `      <vif name="vif${String(machine)}" mac="${macOf(machine)}" bridge="br0"/>`,
        '    </vm>',
      ]),
      '  </host>',
      `  <link from="${hostName(host + 1)}" to="${rack}" bandwidth="100gbit" latency="5us"/>`,
    );
  }
  return [...lines, '</real-environment>', ''].join('\n');
}

function virtualFile(machines: number, sites: number): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="large">',
  ];
  for (let site = 0; site < sites; site++) {
    const members = Math.min(NODES_PER_SITE, machines - site * NODES_PER_SITE);
    const [v4, v6] = [`10.${String(site >> 8)}.${String(site & 255)}`, `fd00:${(site + 1).toString(16)}:`];
    lines.push(`  <site name="${siteName(site)}" network="${v4}.0/24 ${v6}:/64">`);
    lines.push('    <access bandwidth="1gbit" latency="100us"/>');
    for (let member = 0; member < members; member++) {
      lines.push(
        ...nodeLines(site, member, `${v4}.${String(member + 1)} ${v6}:${(member + 1).toString(16)}`),
      );
    }
    lines.push('  </site>');
  }
  return [...lines, ...linkLines(sites), ...ruleLines(sites), '</virtual-environment>', ''].join('\n');
}

function nodeLines(site: number, member: number, addresses: string): string[] {
  const role = member === 0 ? ' role="proxy"' : '';
  const start = `    <node vm="${nodeName(site, member)}" address="${addresses}"${role}`;
  const isFar = member === 1 && site % OWN_LATENCY === 0;
  const own = isFar ? 'latency="2ms"' : member % OWN_BANDWIDTH === 2 ? 'bandwidth="100mbit"' : undefined;
  return own === undefined ? [`${start}/>`] : [`${start}>`, `      <access ${own}/>`, '    </node>'];
}

function linkLines(sites: number): string[] {
  const pairs = new Map<string, string>();
  for (let site = 0; site < sites; site++) {
    for (const other of [site + 1, site + SECOND_LINK]) {
      const [a, b] = [site, other % sites].sort((x, y) => x - y);
      if (a === undefined || b === undefined || a === b) continue;
      const [bandwidth, latency] = [10 * (1 + (site % 10)), 10 + (site % 20)];
      const ends = `from="${siteName(a)}" to="${siteName(b)}"`;
      pairs.set(
        ends,
        `  <link ${ends} bandwidth="${String(bandwidth)}mbit" latency="${String(latency)}ms" loss="0.1%"/>`,
      );
    }
  }
  return [...pairs.values()];
}

function ruleLines(sites: number): string[] {
  const rules: string[] = [];
  for (let rule = 0; rule < RULES && sites > 2; rule++) {
    const [a, b] = [(rule * 7) % sites, (rule * 7 + 2) % sites];
    const ends = `from="${siteName(a)}/${nodeName(a, 3)}" to="${siteName(b)}/${nodeName(b, 4)}"`;
    if (a !== b) rules.push(`  <allow ${ends} protocol="tcp" port="${String(8000 + rule)}"/>`);
  }
  return rules;
}
