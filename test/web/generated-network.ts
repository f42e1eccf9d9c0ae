import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Manager } from '../../src/manager/manager.js';
import type { HostStatus } from '../../src/manager/host-status.js';
import type { PlacedNode } from '../../src/manager/merge/placed-node.js';
import { WantedNetwork } from '../../src/manager/merge/wanted-network.js';
import type { LinkNow, NetworkState, VifNow } from '../../src/manager/monitor/network-state.js';
import { digestOf } from '../../src/mib/digest.js';

/** How large a made-up network is. Each site is joined with each other one; its first machine is its proxy. */
export interface NetworkSize {
  readonly sites: number;
  readonly machinesPerSite: number;
  readonly hosts: number;
}

/** Bits per second that each link may carry. */
export const LINK_BANDWIDTH = 10e6;

/** Two files of that size, read and merged. */
export async function generatedManager(size: NetworkSize): Promise<Manager> {
  const directory = mkdtempSync(join(tmpdir(), 'netmgr-generated-'));
  const [real, virtual] = [join(directory, 'real.xml'), join(directory, 'virtual.xml')];
  try {
    writeFileSync(real, realText(size));
    writeFileSync(virtual, virtualText(size));
    return await Manager.load(real, virtual);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const count = (to: number): number[] => Array.from({ length: to }, (_, i) => i + 1);
const name = (site: number, machine: number): string => `s${String(site)}-vm${String(machine)}`;

function realText({ sites, machinesPerSite, hosts }: NetworkSize): string {
  const machines = count(sites).flatMap((site) =>
    count(machinesPerSite).map((machine) => ({ site, machine })),
  );
  const perHost = Math.ceil(machines.length / hosts);
  const hostText = (host: number): string => {
    const own = machines.slice((host - 1) * perHost, host * perHost);
    const vms = own.map(({ site, machine }, i) => {
      const mac = [0, 0x16, 0x3e, host, site, machine].map((octet) => octet.toString(16).padStart(2, '0'));
      return `<vm name="${name(site, machine)}"><vif name="vif${String(i + 1)}.0" mac="${mac.join(':')}" bridge="br0"/></vm>`;
    });
    return `<host name="host${String(host)}" address="172.16.0.${String(host)}">
      <agent credentials="lab"/><bridge name="br0"/>${vms.join('')}</host>`;
  };
  return `<real-environment xmlns="urn:netmgr:real-environment:1" name="made-up">
    <credentials name="lab" user="netmgr" auth="SHA-256" priv="AES-128" from="env:NETMGR_LAB"/>
    ${count(hosts).map(hostText).join('\n')}</real-environment>`;
}

function virtualText({ sites, machinesPerSite }: NetworkSize): string {
  const siteText = (site: number): string => {
    const nodes = count(machinesPerSite).map(
      (machine) =>
        `<node vm="${name(site, machine)}" address="10.${String(site)}.0.${String(machine)}"${machine === 1 ? ' role="proxy"' : ''}/>`,
    );
    return `<site name="site${String(site)}" network="10.${String(site)}.0.0/16">${nodes.join('')}</site>`;
  };
  const links = count(sites).flatMap((from) =>
    count(sites)
      .filter((to) => to > from)
      .map(
        (to) =>
          `<link from="site${String(from)}" to="site${String(to)}" bandwidth="10mbit" latency="${String(5 + ((from + to) % 9))}ms"/>`,
      ),
  );
  return `<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="made-up">
    ${count(sites).map(siteText).join('\n')}${links.join('\n')}</virtual-environment>`;
}

/** What of a made-up state is not as all the rest. */
export interface Oddities {
  /** Hosts that do not answer. */
  readonly silent?: ReadonlyMap<string, NetworkState['hosts'][number]>;
  /** Hosts whose agents read nothing since. */
  readonly statsTime?: (host: string) => number;
  /** Shares of their bandwidth that links carry, from 0 to 1. */
  readonly shareOf?: (from: string, to: string) => number;
  /** Paths of nodes whose vif has lost what is to be on it. */
  readonly drifted?: ReadonlySet<string>;
  /** Changes what is in force on a link, or what was probed of it. */
  readonly change?: (row: LinkNow['row'], from: string, to: string) => LinkNow['row'];
}

/** A state in which all is as the files want it, but for what is said. */
export function generatedState(
  { real, virtual, environment }: Manager,
  time: Date,
  { silent, statsTime, shareOf = () => 0, drifted = new Set(), change = (row) => row }: Oddities = {},
): NetworkState {
  if (virtual === undefined) throw new Error('there is no virtual environment');
  const network = new WantedNetwork(real, virtual);
  const proxies = network.nodes.filter(({ node }) => node.role === 'proxy');
  const links = proxies.flatMap((to) =>
    proxies
      .filter((from) => from.site !== to.site)
      .flatMap((from) => linkRows(network, from, to, shareOf, change)),
  );
  const vifs = network.nodes.map((node) => vifNow(node, links, drifted.has(node.path)));
  const hosts = environment.hosts.map(({ path, configuration }) => {
    const failure = silent?.get(path);
    if (failure !== undefined) return failure;
    const own = vifs.filter(({ host }) => host === path);
    const drift = own.filter(({ row }) => row.oper === 'drifted');
    return hostStatus(path, virtual.name, digestOf(configuration), statsTime?.(path) ?? time.getTime() / 10, {
      vifs: own.map(({ row }) => row),
      links: links.filter(({ host }) => host === path).map(({ row }) => row),
      drift: drift.map(({ row: { vif } }, i) => ({
        ...{ index: i + 1, what: 'shaping', vif },
        text: `${vif} should have netmgr's root qdisc, and has not`,
      })),
    });
  });
  const isSaid = ({ host }: { host: string }): boolean => silent?.has(host) !== true;
  return { time, hosts, vifs: vifs.filter(isSaid), links: links.filter(isSaid) };
}

function linkRows(
  network: WantedNetwork,
  from: PlacedNode,
  to: PlacedNode,
  shareOf: NonNullable<Oddities['shareOf']>,
  change: NonNullable<Oddities['change']>,
): LinkNow[] {
  const [leg] = network.legs(from, to);
  const { bandwidth, latency } = leg?.parameters ?? {};
  return from.allAddresses.map((address) => ({
    ...{ host: to.host.name, from: from.path, to: to.path },
    row: change(
      {
        ...{ vif: to.vif.name, peer: address.toString(), peerPrefixLength: address.version === 4 ? 32 : 128 },
        ...{ vifName: to.vif.name, peerName: address.toString(), oper: 'applied', profileName: '' },
        ...{ bandwidth: (bandwidth?.bitsPerSecond ?? 0) / 1000, latency: latency?.microseconds ?? 0 },
        ...{ jitter: 0, loss: 0, measuredBandwidth: 0, octets: 0n, packets: 0n, drops: 0n, overlimits: 0n },
        ...{ backlogOctets: 0, backlogPackets: 0, discontinuity: 0, probeTime: 0, probeRttMin: 0 },
        ...{ probeRttAvg: 0, probeRttMax: 0, probeSent: 0, probeReceived: 0, probeBandwidth: 0 },
      },
      from.path,
      to.path,
    ),
    flowing: { rate: LINK_BANDWIDTH * shareOf(from.path, to.path), drops: 0 },
  }));
}

function vifNow(
  { host, vif, path, node }: PlacedNode,
  links: readonly LinkNow[],
  isDrifted: boolean,
): VifNow {
  // Each address of a peer has a row with the same rate.
  const sum = (end: 'from' | 'to', other: 'from' | 'to'): number => {
    const rates = new Map(
      links.filter((link) => link[end] === path).map((link) => [link[other], link.flowing?.rate ?? 0]),
    );
    return [...rates.values()].reduce((total, rate) => total + rate, 0);
  };
  return {
    ...{ host: host.name, node: path },
    row: {
      ...{ vif: vif.name, name: vif.name, oper: isDrifted ? 'drifted' : 'applied', ifIndex: 1, vmIndex: 0 },
      ...{
        vmName: node.vm,
        bridge: 'br0',
        txBandwidth: 0,
        txMeasuredBandwidth: 0,
        rxBandwidth: 0,
        rxLatency: 0,
      },
      ...{ rxMeasuredBandwidth: 0, txOctets: 0n, txPackets: 0n, txDrops: 0n, txOverlimits: 0n },
      ...{ txBacklogOctets: 0, txBacklogPackets: 0, rxOctets: 0n, rxPackets: 0n, rxDrops: 0n },
      ...{ discontinuity: 0, lastError: '' },
    },
    sends: { rate: sum('from', 'to'), drops: 0 },
    receives: { rate: sum('to', 'from'), drops: 0 },
  };
}

function hostStatus(
  host: string,
  label: string,
  digest: Buffer,
  statsTime: number,
  rows: Pick<HostStatus, 'vifs' | 'links' | 'drift'>,
): HostStatus {
  return {
    ...{ name: host, ...rows },
    host: {
      ...{ name: host, agentVersion: '0.1.0', kernel: 'Linux 6.1' },
      ...{ backends: new Set(), capabilities: new Set() },
    },
    summary: {
      ...{ vifs: rows.vifs.length, links: rows.links.length, applyFailures: 0, statsTime },
      vifsApplied: rows.vifs.filter(({ oper }) => oper === 'applied').length,
      linksApplied: rows.links.filter(({ oper }) => oper === 'applied').length,
    },
    cfg: {
      ...{ owner: '', ownerTimeout: 60, action: 'none', expectedDigest: Buffer.alloc(0), confirmTimeout: 60 },
      ...{ label, state: 'idle', result: 'success', resultText: '', errorCount: 0, progress: 100 },
      ...{ candidateDigest: digest, runningDigest: digest, previousDigest: Buffer.alloc(0) },
      ...{ runningLabel: label, generation: 1, candidateLastChange: 0, runningLastChange: 0 },
      ...{
        runningTime: new Date(0),
        lastDuration: 100,
        driftCount: rows.drift.length,
        lastAudit: 0,
      },
      ...{
        auditInterval: 60,
        autoRepair: false,
        confirmRemaining: 0,
        takeOver: false,
        confirmedGeneration: 1,
        edit: new Uint8Array(),
      },
    },
  };
}
