import { writeBridgeNetfilter } from '../kernel/ip/bridge-netfilter.js';
import { addIfbs, removeIfbs } from '../kernel/ip/ifbs.js';
import { addIpsets, removeIpsets } from '../kernel/ipset/read.js';
import { applyIptables } from '../kernel/iptables/read.js';
import { applyNft } from '../kernel/nft/read.js';
import { addOverlays, removeOverlays } from '../kernel/overlay/read.js';
import { applyTc } from '../kernel/tc/read.js';
import { sameForwarding, type MachineState } from '../kernel/ip/machine.js';
import { applyMachine, readRedirects } from '../kernel/ip/read-machine.js';
import { ALL_OR_NOTHING, type Attempt, type HostParts, type Machines } from './host-parts.js';
import type { TcState } from '../kernel/tc/model.js';
import type { HostReading, HostState } from './host-state.js';
import type { Originals } from './originals.js';
import type { KeptMachine, KeptQdisc } from './kept-originals.js';

/** By what a host is changed. */
export interface BringParts extends Pick<HostParts, 'run' | 'checkpoint' | 'progress'> {
  readonly probe: Pick<HostParts['probe'], 'iptables' | 'ip6tables'>;
  readonly machines: Pick<Machines, 'inside'>;
  /** By what machines are only read; default: the same. */
  readonly lookers?: Pick<Machines, 'inside'>;
  readonly originals: Pick<
    Originals,
    | 'keepMachines'
    | 'releaseMachines'
    | 'keepQdiscs'
    | 'releaseQdiscs'
    | 'keepBridgeNetfilter'
    | 'releaseBridgeNetfilter'
  >;
}

/**
 * Brings the host from what was read to what is wanted: one batch per tool; what keeps machines apart comes before
 * what joins them.
 *
 * @throws NetmgrError of the tool that failed
 */
export async function bringHost(
  parts: BringParts,
  { links, state: from }: HostReading,
  to: HostState,
  attempt: Attempt = ALL_OR_NOTHING,
): Promise<void> {
  const { run, probe, progress } = parts;
  progress?.begin(devicesOf(from.tc, to.tc) + from.machines.size);
  const allLinks = [...links.values()];
  const step = (what: string, work: () => Promise<void>): Promise<void> =>
    attempt(what, work, () => undefined);
  await step('bridge-netfilter', () => bringBridgeNetfilter(parts, from, to));
  await step('overlays', () => removeOverlays(run, from.overlays, to.overlays));
  await step('sets', () => addIpsets(run, from.ipsets, to.ipsets));
  for (const [version, variant] of [
    [4, probe.iptables],
    [6, probe.ip6tables],
  ] as const) {
    if (variant === undefined) continue;
    const [held, wanted] = [from.iptables[version], to.iptables[version]];
    await step(`IPv${String(version)} rules`, () => applyIptables(run, version, variant, held, wanted));
  }
  await step('the nft table', () => applyNft(run, from.nft, to.nft));
  await step('overlays', () => addOverlays(run, links, from.overlays, to.overlays));
  await step('IFBs', () => addIfbs(run, allLinks, to.ifbs));
  await step('qdiscs', () => bringQdiscs(parts, { links, from: from.tc, to: to.tc }));
  await bringMachines(parts, from, to, step);
  await step('sets', () => removeIpsets(run, from.ipsets, to.ipsets));
  await step('IFBs', () => removeIfbs(run, allLinks, to.ifbs));
}

/** What machines had is on the disk before any of them changes: one of which it cannot be kept stays as it is. */
async function bringMachines(
  { machines, lookers = machines, originals, progress }: BringParts,
  from: HostState,
  to: HostState,
  step: (what: string, work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  for (const [name, found] of from.machines) {
    const wanted = to.machines.get(name) ?? found;
    await step(name, async () => {
      const present = await withRedirects(lookers, name, found, wanted);
      await originals.keepMachines(changing(name, present, wanted));
      await applyMachine(machines.inside(name), name, present, wanted);
      await originals.releaseMachines(new Map([[name, wanted]]));
    });
    progress?.advance(1);
  }
}

/** Redirects are a matter of machines that forward, so they are looked at where one does, or did. */
async function withRedirects(
  machines: Pick<Machines, 'inside'>,
  name: string,
  present: MachineState,
  { redirects }: MachineState,
): Promise<MachineState> {
  if (redirects === undefined) return present;
  const devices = Object.keys(redirects).filter((dev) => dev !== 'all' && present.devices.has(dev));
  return { ...present, redirects: await readRedirects(machines.inside(name), name, devices) };
}

function changing(machine: string, present: MachineState, wanted: MachineState): KeptMachine[] {
  const mtus = [...present.devices].flatMap(([dev, { mtu }]) => {
    const next = wanted.devices.get(dev)?.mtu;
    return next === undefined || next === mtu ? [] : [{ dev, mtu }];
  });
  const { forwarding, redirects = {} } = present;
  const isForwardingSame = sameForwarding(forwarding, wanted.forwarding);
  const changed = Object.entries(redirects).filter(([dev, is]) => (wanted.redirects?.[dev] ?? is) !== is);
  if (isForwardingSame && changed.length === 0 && mtus.length === 0) return [];
  return [
    {
      machine,
      ...(isForwardingSame ? {} : { forwarding }),
      ...(changed.length === 0 ? {} : { redirects: Object.fromEntries(changed) }),
      mtus,
    },
  ];
}

/** How many interfaces have something of tc before or after. */
const devicesOf = (from: TcState, to: TcState): number => new Set([...from.keys(), ...to.keys()]).size;

async function bringQdiscs(
  { run, originals, progress }: BringParts,
  { links, from, to }: { links: HostReading['links']; from: TcState; to: TcState },
): Promise<void> {
  const replaced = [...to].flatMap(([vif, { root }]): KeptQdisc[] => {
    const foreign = from.get(vif)?.foreign.find(({ at }) => at === 'root');
    const ifindex = links.get(vif)?.ifindex;
    if (!root || foreign?.remake === undefined || ifindex === undefined) return [];
    const { kind, handle, remake } = foreign;
    return [{ vif, ifindex, kind, handle, remake }];
  });
  await originals.keepQdiscs(replaced);
  const devices = devicesOf(from, to);
  await applyTc(run, from, to, (share) => progress?.advance(share * devices));
  await originals.releaseQdiscs(new Set([...to].filter(([, { root }]) => !root).map(([vif]) => vif)));
}

async function bringBridgeNetfilter(
  { originals, checkpoint }: BringParts,
  from: HostState,
  to: HostState,
): Promise<void> {
  if (from.bridgeNetfilter === undefined || to.bridgeNetfilter === undefined) return;
  await originals.keepBridgeNetfilter(from.bridgeNetfilter, to.bridgeNetfilter);
  await writeBridgeNetfilter(from.bridgeNetfilter, to.bridgeNetfilter, checkpoint);
  await originals.releaseBridgeNetfilter(to.bridgeNetfilter);
}
