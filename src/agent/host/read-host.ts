import { networkInterfaces } from 'node:os';
import { readBridgeNetfilter } from '../kernel/ip/bridge-netfilter.js';
import { vifOfIfb } from '../kernel/ip/ifbs.js';
import { readLinks, type Link } from '../kernel/ip/links.js';
import type { IpSetState } from '../kernel/ipset/model.js';
import { readIpsets } from '../kernel/ipset/read.js';
import { NO_RULES, type IptablesState } from '../kernel/iptables/model.js';
import { readIptables } from '../kernel/iptables/read.js';
import type { NftReading } from '../kernel/nft/model.js';
import { readNft } from '../kernel/nft/read.js';
import { readTc } from '../kernel/tc/read.js';
import type { Overlay } from '../kernel/overlay/model.js';
import { addressText } from '../kernel/overlay/parse-link.js';
import { readOverlays } from '../kernel/overlay/read.js';
import { DEFAULT_TIMEOUT, type Run } from '../../process/run.js';
import { ALL_OR_NOTHING, type Attempt, type HostParts } from './host-parts.js';
import type { HostReading, KernelReading } from './host-state.js';
import { Patience } from './patience.js';
import { readMachines } from './read-machines.js';

/** What is read of a host. */
export interface Scope {
  readonly vifs: readonly string[];
  readonly machines: ReadonlySet<string>;
  /** What may be missing: in a commit nothing may, where a host is led back much may have gone. */
  readonly tolerant: boolean;
  /** Whether to look into every machine of the host, named or not: each may have what bears netmgr's mark. */
  readonly everywhere: boolean;
  /** Interfaces whose qdiscs are known to be as they should. */
  readonly known?: ReadonlyMap<string, unknown>;
  /** Our nft table, where its reading has begun. */
  readonly nft?: Promise<NftReading | undefined>;
}

const NO_SETS: IpSetState = new Map();

/** Reads the interfaces of the host, by name. @throws NetmgrError `CommandFailed` */
export async function readLinksByName(run: Run): Promise<Map<string, Link>> {
  return new Map((await readLinks(run)).map((link) => [link.name, link]));
}

/** Begins to read what takes long and needs nothing that is read before: the interfaces, and our nft table. */
export function beginReading(parts: Pick<HostParts, 'run' | 'probe'>): {
  readonly links: Promise<Map<string, Link>>;
  readonly nft: Promise<NftReading | undefined>;
} {
  const links = readLinksByName(parts.run);
  // As with nft: nobody may wait for it any more.
  links.catch(() => undefined);
  return { links, nft: beginNft(parts) };
}

/** Reads the qdiscs of those of the vifs and of `others` that are there. @throws NetmgrError `CommandFailed` */
export async function readQdiscs(
  run: Run,
  links: ReadonlyMap<string, Link>,
  vifs: readonly string[],
  others: (link: Link) => boolean = () => false,
): Promise<KernelReading> {
  const chosen = [...links.values()].filter(others).map(({ name }) => name);
  const devices = new Set([...vifs.filter((vif) => links.has(vif)), ...chosen]);
  return { links, tc: await readTc(run, [...devices], (name) => links.has(name)) };
}

/** Reads all that a commit may touch, of which the interfaces are known already. @throws NetmgrError `CommandFailed` */
export async function readHost(
  parts: HostParts,
  links: ReadonlyMap<string, Link>,
  { vifs, machines, tolerant, everywhere, known, nft: begun }: Scope,
  attempt: Attempt = ALL_OR_NOTHING,
): Promise<HostReading> {
  const { run, probe } = parts;
  const { capabilities } = probe;
  // It takes long where there are many machines, and goes on meanwhile.
  const ownNft = begun ?? beginNft(parts);
  // The others one after the other: starting a process blocks the agent, which must answer meanwhile.
  // Other interfaces may have what an earlier agent left there.
  const interfaces = await attempt(
    'qdiscs',
    () =>
      readQdiscs(
        run,
        links,
        vifs.filter((vif) => known?.has(vif) !== true),
        (link) =>
          known?.has(link.name) !== true && (link.master !== undefined || (tolerant && canHaveQdiscs(link))),
      ),
    () => ({ links, tc: { devices: new Map(), counters: new Map() } }),
  );
  const ipsets = await attempt(
    'sets',
    async () => (capabilities.has('ipset') ? await readIpsets(run) : NO_SETS),
    () => NO_SETS,
  );
  const ipv4 = await attempt(
    'IPv4 rules',
    () => readRules(parts, 4),
    () => NO_RULES,
  );
  const ipv6 = await attempt(
    'IPv6 rules',
    () => readRules(parts, 6),
    () => NO_RULES,
  );
  const nft = await attempt(
    'the nft table',
    () => ownNft,
    () => undefined,
  );
  const names = everywhere
    ? await attempt(
        'machines',
        async () => new Set([...machines, ...(await parts.machines.find(links.values()))]),
        () => machines,
      )
    : machines;
  const ifbs = [...links.values()].map(vifOfIfb).filter((vif) => vif !== undefined);
  const overlays = await attempt(
    'overlays',
    () => readOverlays(run, links.values()),
    () => new Map<string, Overlay>(),
  );
  return {
    ...interfaces,
    addresses: ownAddresses(),
    state: {
      tc: interfaces.tc.devices,
      ifbs: new Set(ifbs),
      overlays,
      ipsets,
      iptables: { 4: ipv4, 6: ipv6 },
      nft: nft?.table,
      bridgeNetfilter: await readBridgeNetfilter(),
      machines: await readMachines(
        parts.machines,
        names,
        tolerant ? new Patience(DEFAULT_TIMEOUT) : undefined,
      ),
    },
  };
}

function beginNft({ run, probe }: Pick<HostParts, 'run' | 'probe'>): Promise<NftReading | undefined> {
  const nft = probe.capabilities.has('nftBridge') ? readNft(run) : Promise.resolve(undefined);
  // Who waits for it hears of a failure; where something else fails before, nobody does.
  nft.catch(() => undefined);
  return nft;
}

async function readRules({ run, probe }: HostParts, version: 4 | 6): Promise<IptablesState> {
  const variant = version === 4 ? probe.iptables : probe.ip6tables;
  return variant === undefined ? NO_RULES : readIptables(run, version, variant);
}

/** Those of interfaces that are up. */
function ownAddresses(): Set<string> {
  const found = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Set(found.map(({ address }) => addressText(address)));
}

const canHaveQdiscs = (link: Link): boolean => link.name !== 'lo' && link.kind !== 'ifb';
