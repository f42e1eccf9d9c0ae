import type { Configuration } from '../../mib/configuration.js';
import { linkTable, type LinkRow } from '../../mib/link-table.js';
import { profileTable, type ProfileRow } from '../../mib/profile-table.js';
import { vifTable } from '../../mib/vif-table.js';
import { IpAddress, IpNetwork } from '../../units/ip-network.js';
import {
  FIRST_PEER_CLASS,
  LAST_PEER_CLASS,
  nothingAt,
  UNLIMITED,
  type Leaf,
  type TcDevice,
  type TcFilter,
  type TcState,
  type TcTree,
} from '../kernel/tc/model.js';
import { groupLinks } from '../config/group-links.js';
import { valueOf } from '../../value-of.js';
import type { KeptQdisc } from './kept-originals.js';
import { expandTree } from '../kernel/tc/expand.js';
import { sizeLeaf, sizeTbf } from '../kernel/tc/sizing.js';
import type { KernelReading } from './host-state.js';
import { BITS_PER_KILOBIT } from '../../units/bit-rate.js';

/**
 * Where frames stay in the memory of the machine that has sent them until they are delivered: Xen's netback maps it
 * (drivers/net/xen-netback). While a link delays them the machine cannot send on: TCP keeps little with its device (tcp_limit_output_bytes),
 * and the ring has 256 places for all links together.
 */
const LENT_MEMORY = 'xen-backend';

/**
 * The qdisc trees that a configuration asks for, one per vif. A link keeps the class it has in the kernel, so
 * that adding or removing one touches no other.
 *
 * @param isWanted says of which vifs; default: of all
 */
export function desiredTrees(
  configuration: Configuration,
  { links, tc }: KernelReading,
  isWanted: (vif: string) => boolean = () => true,
): TcTree[] {
  const vifs = configuration.rows(vifTable).filter(({ vif }) => isWanted(vif));
  if (vifs.length === 0) return [];
  const leafOf = leaves();
  return vifs.map(({ vif, rxProfile, txProfile }) => {
    const rx = profileOf(configuration, rxProfile);
    const tx = profileOf(configuration, txProfile);
    const access = rx?.bandwidth ?? 0;
    const placed = placeLinks(configuration.rowsOf(linkTable, vif), tc.devices.get(vif));
    const { mtu, bus } = links.get(vif) ?? {};
    const sent = tx === undefined ? undefined : sizeTbf(tx, mtu);
    return {
      vif,
      parent: access === 0 ? UNLIMITED : access * BITS_PER_KILOBIT,
      ...(access !== 0 && rx?.framing === 'ethernet' ? { wire: true } : {}),
      default: leafOf(rx, access, mtu),
      classes: new Map(
        placed.map(({ classMinor, rows: [first] }) => [
          classMinor,
          leafOf(profileOf(configuration, first?.profile ?? 0), access, mtu),
        ]),
      ),
      filters: placed.flatMap(({ classMinor, rows }) =>
        rows.map((row): TcFilter => ({ network: peerNetwork(row), classMinor })),
      ),
      ...(sent === undefined ? {} : { tx: sent }),
      ...(bus === LENT_MEMORY && (sent !== undefined || !hasIngress(tc.devices.get(vif)))
        ? { copies: true }
        : {}),
    };
  });
}

/**
 * All that a configuration wants of tc. A vif that is not there now gets its tree when it returns.
 *
 * @param known those that are as they should be, and of which nothing was read
 */
export function desiredTc(
  configuration: Configuration,
  reading: KernelReading,
  known: ReadonlyMap<string, unknown> = new Map(),
): TcState {
  const { links } = reading;
  const trees = desiredTrees(configuration, reading, (vif) => links.has(vif) && !known.has(vif));
  return new Map(trees.map((tree) => [tree.vif, expandTree(tree)]));
}

/**
 * The same with what is given up.
 *
 * @param kept the root qdiscs of others that netmgr has replaced: a vif that is given up gets its own back
 */
export function withOriginals(
  tc: TcState,
  { links, tc: { devices } }: KernelReading,
  kept: readonly KeptQdisc[],
): TcState {
  const wanted = new Map(tc);
  for (const { vif, ifindex, kind, handle, remake } of kept) {
    const isSame = links.get(vif)?.ifindex === ifindex && devices.has(vif);
    if (!isSame || wanted.has(vif)) continue;
    wanted.set(vif, { ...nothingAt(vif), foreign: [{ kind, handle, at: 'root', remake }] });
  }
  return wanted;
}

/** The peer of a link row as a network. */
export function peerNetwork({ peer, peerPrefixLength }: LinkRow): IpNetwork {
  return IpNetwork.of(IpAddress.parse(peer), peerPrefixLength);
}

/** Whether somebody else has put an ingress qdisc there: to copy is not worth a refusal. */
const hasIngress = (device: TcDevice | undefined): boolean =>
  device?.foreign.some(({ at }) => at === 'ingress') === true;

interface PlacedLink {
  readonly classMinor: number;
  readonly rows: readonly LinkRow[];
}

function placeLinks(rows: readonly LinkRow[], present: TcDevice | undefined): PlacedLink[] {
  const classOf = new Map(
    present?.filters.map(({ network, classMinor }) => [network.toString(), classMinor]),
  );
  const taken = new Set<number>();
  const links = groupLinks(rows).map((group) => {
    const kept = group
      .map((row) => classOf.get(peerNetwork(row).toString()))
      .find(
        (minor) =>
          minor !== undefined && minor >= FIRST_PEER_CLASS && minor <= LAST_PEER_CLASS && !taken.has(minor),
      );
    if (kept !== undefined) taken.add(kept);
    return { kept, rows: group };
  });
  let next = FIRST_PEER_CLASS;
  return links.map(({ kept, rows: group }) => {
    if (kept !== undefined) return { classMinor: kept, rows: group };
    while (taken.has(next)) next++;
    taken.add(next);
    return { classMinor: next, rows: group };
  });
}

function profileOf(configuration: Configuration, index: number): ProfileRow | undefined {
  return index === 0 ? undefined : configuration.get(profileTable, [index]);
}

/** Sizes leaves, each that differs once: many links have one profile. */
function leaves(): (profile: ProfileRow | undefined, access: number, mtu: number | undefined) => Leaf {
  const sized = new Map<string, Leaf>();
  return (profile, access, mtu) => {
    const key = `${String(profile?.index)} ${String(access)} ${String(mtu)}`;
    return valueOf(sized, key, () => sizeLeaf(profile ?? { bandwidth: 0, latency: 0 }, access, mtu));
  };
}
