import { writeBridgeNetfilter } from '../kernel/ip/bridge-netfilter.js';
import { addIfbs, removeIfbs } from '../kernel/ip/ifbs.js';
import { addIpsets, removeIpsets } from '../kernel/ipset/read.js';
import { applyIptables } from '../kernel/iptables/read.js';
import { applyNft } from '../kernel/nft/read.js';
import { addOverlays, removeOverlays } from '../kernel/overlay/read.js';
import { applyTc } from '../kernel/tc/read.js';
import { sameForwarding, type MachineState } from '../kernel/ip/machine.js';
import { expectInterfaceName } from '../kernel/names.js';
import { runBatch } from '../kernel/run-batch.js';
import { ALL_OR_NOTHING, type Attempt, type HostParts } from './host-parts.js';
import type { TcState } from '../kernel/tc/model.js';
import type { HostReading, HostState } from './host-state.js';
import type { KeptMachine, KeptMtu, KeptQdisc } from './kept-originals.js';

/**
 * Brings the host from what was read to what is wanted: one batch per tool; what keeps machines apart comes before
 * what joins them.
 *
 * @throws NetmgrError of the tool that failed
 */
export async function bringHost(
  parts: HostParts,
  { links, state: from }: HostReading,
  to: HostState,
  attempt: Attempt = ALL_OR_NOTHING,
): Promise<void> {
  const { run, probe } = parts;
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
  await step('MTUs', () => bringMtus(parts, links, to));
  await bringMachines(parts, from, to, step);
  await step('sets', () => removeIpsets(run, from.ipsets, to.ipsets));
  await step('IFBs', () => removeIfbs(run, allLinks, to.ifbs));
}

/** What machines had is on the disk before any of them changes. */
async function bringMachines(
  { machines, originals }: HostParts,
  from: HostState,
  to: HostState,
  step: (what: string, work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const kept: KeptMachine[] = [];
  for (const one of [...from.machines].flatMap(([name, present]) => changing(name, present, to))) {
    kept.push(one);
    const redirects = to.machines.get(one.machine)?.redirects;
    // They are a matter of machines that forward, so they are looked at before one does.
    if (one.forwarding?.[4] !== false || redirects === undefined) continue;
    const devices = Object.keys(redirects).filter((dev) => dev !== 'all');
    await step(one.machine, async () => {
      kept[kept.length - 1] = { ...one, redirects: await machines.readRedirects(one.machine, devices) };
    });
  }
  await originals.keepMachines(kept);
  const reached = new Map<string, MachineState>();
  for (const [name, present] of from.machines) {
    const wanted = to.machines.get(name) ?? present;
    await step(name, async () => {
      await machines.apply(name, present, wanted);
      reached.set(name, wanted);
    });
  }
  await originals.releaseMachines(reached);
}

function changing(machine: string, present: MachineState, to: HostState): KeptMachine[] {
  const wanted = to.machines.get(machine) ?? present;
  const mtus = [...present.devices].flatMap(([dev, { mtu }]) => {
    const next = wanted.devices.get(dev)?.mtu;
    return next === undefined || next === mtu ? [] : [{ dev, mtu }];
  });
  const isSame = sameForwarding(present.forwarding, wanted.forwarding);
  if (isSame && mtus.length === 0) return [];
  return [{ machine, ...(isSame ? {} : { forwarding: present.forwarding }), mtus }];
}

async function bringMtus(
  { run, originals }: HostParts,
  links: HostReading['links'],
  { mtus }: HostState,
): Promise<void> {
  const changes = [...mtus].flatMap(([vif, next]): (KeptMtu & { next: number })[] => {
    const link = links.get(vif);
    return link === undefined || link.mtu === next
      ? []
      : [{ vif, ifindex: link.ifindex, mtu: link.mtu, next }];
  });
  await originals.keepMtus(changes.map(({ vif, ifindex, mtu }) => ({ vif, ifindex, mtu })));
  const lines = changes.map(
    ({ vif, next }) => `link set dev ${expectInterfaceName(vif)} mtu ${String(next)}\n`,
  );
  await runBatch(run, ['ip', '-batch', '-'], lines.join(''));
  await originals.releaseMtus(new Map([...[...links].map(([vif, { mtu }]) => [vif, mtu] as const), ...mtus]));
}

async function bringQdiscs(
  { run, originals }: HostParts,
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
  await applyTc(run, from, to);
  await originals.releaseQdiscs(new Set([...to].filter(([, { root }]) => !root).map(([vif]) => vif)));
}

async function bringBridgeNetfilter(
  { originals, checkpoint }: HostParts,
  from: HostState,
  to: HostState,
): Promise<void> {
  if (from.bridgeNetfilter === undefined || to.bridgeNetfilter === undefined) return;
  await originals.keepBridgeNetfilter(from.bridgeNetfilter, to.bridgeNetfilter);
  await writeBridgeNetfilter(from.bridgeNetfilter, to.bridgeNetfilter, checkpoint);
  await originals.releaseBridgeNetfilter(to.bridgeNetfilter);
}
