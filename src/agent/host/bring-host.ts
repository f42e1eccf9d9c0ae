import { writeBridgeNetfilter } from '../kernel/ip/bridge-netfilter.js';
import { addIfbs, removeIfbs } from '../kernel/ip/ifbs.js';
import { addIpsets, removeIpsets } from '../kernel/ipset/read.js';
import { applyIptables } from '../kernel/iptables/read.js';
import { applyNft } from '../kernel/nft/read.js';
import { applyTc } from '../kernel/tc/read.js';
import { ALL_OR_NOTHING, type Attempt, type HostParts } from './host-parts.js';
import type { TcState } from '../kernel/tc/model.js';
import type { HostReading, HostState } from './host-state.js';
import type { KeptQdisc } from './kept-originals.js';

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
  const { run, probe, machines } = parts;
  const allLinks = [...links.values()];
  const step = (what: string, work: () => Promise<void>): Promise<void> =>
    attempt(what, work, () => undefined);
  await step('bridge-netfilter', () => bringBridgeNetfilter(parts, from, to));
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
  await step('IFBs', () => addIfbs(run, allLinks, to.ifbs));
  await step('qdiscs', () => bringQdiscs(parts, { links, from: from.tc, to: to.tc }));
  for (const [name, present] of from.machines) {
    await step(name, () => machines.apply(name, present, to.machines.get(name) ?? present));
  }
  await step('sets', () => removeIpsets(run, from.ipsets, to.ipsets));
  await step('IFBs', () => removeIfbs(run, allLinks, to.ifbs));
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
