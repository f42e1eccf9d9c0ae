import type { Manager } from '../../manager/manager.js';
import { linkEdges } from '../../manager/graph/link-edges.js';
import type { NetworkState, VifNow } from '../../manager/monitor/network-state.js';
import { BITS_PER_KILOBIT } from '../../units/bit-rate.js';
import type { MapMachine, NetworkMap } from '../wire/network-map.js';
import type { Health, HostView, MachineView, NetworkView, Problem } from '../wire/network-view.js';
import { compareLink } from './compare-link.js';
import { History } from './history.js';
import { KnownHosts, type KnownHost } from './known-hosts.js';
import type { LinkSample } from './link-samples.js';
import { hostId, networkMap, siteId, vifId } from './network-map.js';
import { pairViews, round, type LinkLook } from './pair-views.js';
import { hostProblems, vifProblems } from './problems.js';
import { Wanted } from './wanted.js';

/** How many problems are told at once. */
const MOST_PROBLEMS = 100;

/** A link with what is made of it. */
export interface LiveLink {
  readonly id: string;
  readonly sample: LinkSample;
  /** `vif:…`; undefined of what is no node. */
  readonly sender: string | undefined;
  readonly receiver: string;
  readonly look: Omit<LinkLook, 'from' | 'to'>;
}

/** What runs, made of what hosts say: as it is now, and its last minutes. */
export class LiveNetwork {
  readonly map: NetworkMap;
  readonly wanted: Wanted;
  readonly hosts: KnownHosts;
  readonly history = new History();
  /** By id. */
  readonly machines: ReadonlyMap<string, MapMachine>;
  #view: NetworkView | undefined;
  #links: ReadonlyMap<string, LiveLink> = new Map<string, LiveLink>();
  readonly #sitesOfNetworks: ReadonlyMap<string, string>;
  readonly #expected: readonly (readonly [string, string])[];

  /** @param interval milliseconds from one state to the next */
  constructor(
    manager: Pick<Manager, 'real' | 'virtual' | 'environment'>,
    private readonly interval: number,
  ) {
    const { real, virtual } = manager;
    this.wanted = new Wanted(manager);
    this.map = networkMap(manager, this.wanted.nodes.values());
    this.machines = new Map(this.map.machines.map((machine) => [machine.id, machine]));
    this.hosts = new KnownHosts(
      real.hosts.map(({ name }) => name),
      interval,
    );
    this.#sitesOfNetworks = new Map(
      virtual?.sites.flatMap(({ name, networks }) =>
        networks.map((network) => [network.toString(), siteId(name)] as const),
      ),
    );
    const siteOf = (end: string): string => siteId(end.split('/')[0] ?? end);
    this.#expected = (virtual === undefined ? [] : linkEdges(virtual)).map(({ from, to }) => [
      siteOf(from),
      siteOf(to),
    ]);
  }

  /** Undefined until a host has been heard of. */
  get view(): NetworkView | undefined {
    return this.#view;
  }

  /** By id. */
  get links(): ReadonlyMap<string, LiveLink> {
    return this.#links;
  }

  take(state: NetworkState): NetworkView {
    const now = state.time.getTime();
    this.hosts.take(state);
    const hosts = this.hosts.all;
    this.#links = new Map(hosts.flatMap((host) => this.#liveLinks(host, now)));
    const machines = new Map(hosts.flatMap((host) => this.#machineViews(host, now)));
    const problems = this.#problems(hosts, now);
    this.#view = {
      ...{ time: now, interval: this.interval },
      hosts: hosts.map((host) => this.#hostView(host, now)),
      machines: this.map.machines.map(({ id }) => machines.get(id) ?? { id, health: 'unknown' }),
      pairs: this.#pairs(),
      problems: problems.slice(0, MOST_PROBLEMS),
      problemCount: problems.length,
    };
    this.history.add(now, this.#rates(this.#view));
    return this.#view;
  }

  /** The groups that a link joins: its machines' sites or hosts. */
  groupsOf(
    { sender, receiver, sample }: LiveLink,
    kind: 'site' | 'host',
  ): [string | undefined, string | undefined] {
    const from =
      sender === undefined
        ? kind === 'site'
          ? this.#sitesOfNetworks.get(sample.peer)
          : undefined
        : this.machines.get(sender)?.[kind];
    return [from, this.machines.get(receiver)?.[kind]];
  }

  #hostView({ name, answers, status }: KnownHost, now: number): HostView {
    const age = this.hosts.ageOf(name, now);
    return {
      ...{ id: hostId(name), answers },
      ...(age !== undefined && { age }),
      ...{ isStale: this.hosts.isStale(name, now), drift: status?.cfg.driftCount ?? 0 },
    };
  }

  #machineViews({ name, vifs, status }: KnownHost, now: number): [string, MachineView][] {
    const isStale = this.hosts.isStale(name, now);
    const drifted = new Set(status?.drift.map(({ vif }) => vif));
    return vifs.map((vif) => {
      const { row, sends, receives } = vif;
      const id = vifId(name, row.vif);
      const isWrong = row.oper !== 'applied' || row.lastError !== '' || drifted.has(row.vif);
      const utilisation = isStale ? undefined : utilisationOf(vif);
      return [
        id,
        {
          ...{ id, health: healthOf(isStale, isWrong) },
          ...(sends !== undefined && !isStale && { sends: Math.round(sends.rate) }),
          ...(receives !== undefined && !isStale && { receives: Math.round(receives.rate) }),
          ...(utilisation !== undefined && { utilisation: round(utilisation) }),
        },
      ];
    });
  }

  #liveLinks({ name, links }: KnownHost, now: number): [string, LiveLink][] {
    const isStale = this.hosts.isStale(name, now);
    return links.map((sample) => {
      const { row, from, to, vif } = sample;
      const receiver = vifId(name, vif);
      const node = from === undefined ? undefined : this.wanted.nodes.get(from);
      const sender = node === undefined ? undefined : vifId(node.host.name, node.vif.name);
      const id = `link:${sender ?? sample.peer} ${receiver}`;
      const rate = isStale ? undefined : sample.rate;
      const limit = row.bandwidth * BITS_PER_KILOBIT;
      const wanted = from === undefined || to === undefined ? undefined : this.wanted.linkOf(from, to);
      const look = {
        ...{ id, health: healthOf(isStale, row.oper !== 'applied'), rate },
        utilisation: rate === undefined || limit === 0 ? undefined : rate / limit,
        comparison: isStale ? ('unknown' as const) : compareLink(row, wanted),
      };
      return [id, { id, sample, sender, receiver, look }];
    });
  }

  #pairs(): NetworkView['pairs'] {
    const ofKind = (kind: 'site' | 'host', expected: readonly (readonly [string, string])[]) =>
      pairViews(
        this.map.groups.map(({ id }) => id),
        [...this.#links.values()].flatMap((link): LinkLook[] => {
          const [from, to] = this.groupsOf(link, kind);
          return from === undefined || to === undefined ? [] : [{ ...link.look, from, to }];
        }),
        expected,
      );
    return [...ofKind('site', this.#expected), ...ofKind('host', [])];
  }

  /** Hosts first: what is wrong with one explains much. */
  #problems(hosts: readonly KnownHost[], now: number): Problem[] {
    return [
      ...hosts.flatMap((host) =>
        hostProblems(host, this.hosts.isStale(host.name, now), this.wanted.digestOf(host.name)),
      ),
      ...hosts.flatMap(vifProblems),
      ...[...this.#links.values()].flatMap(linkProblems),
    ];
  }

  *#rates({ machines, pairs }: NetworkView): Generator<readonly [string, number | undefined]> {
    const sums = new Map<string, number>();
    const add = (name: string | undefined, rate: number | undefined): void => {
      if (name !== undefined && rate !== undefined) sums.set(name, (sums.get(name) ?? 0) + rate);
    };
    for (const { id, sends, receives } of machines) {
      const { site, host } = this.machines.get(id) ?? {};
      for (const group of [site, host]) {
        add(group && `${group} sends`, sends);
        add(group && `${group} receives`, receives);
      }
    }
    yield* sums;
    for (const { id, forth, back } of pairs) {
      yield [`${id} forth`, forth?.rate];
      yield [`${id} back`, back?.rate];
    }
    for (const { id, sends, receives } of machines) {
      yield [`${id} sends`, sends];
      yield [`${id} receives`, receives];
    }
    for (const { id, look } of this.#links.values()) yield [id, look.rate];
  }
}

function healthOf(isStale: boolean, isWrong: boolean): Health {
  if (isStale) return 'stale';
  return isWrong ? 'failing' : 'good';
}

function utilisationOf({ row, sends, receives }: VifNow): number | undefined {
  const share = (rate: number | undefined, kilobits: number): number[] =>
    rate === undefined || kilobits === 0 ? [] : [rate / (kilobits * BITS_PER_KILOBIT)];
  const shares = [...share(sends?.rate, row.txBandwidth), ...share(receives?.rate, row.rxBandwidth)];
  return shares.length === 0 ? undefined : Math.max(...shares);
}

function linkProblems({ id, sample, look }: LiveLink): Problem[] {
  if (look.health === 'stale') return [];
  const { peer, to, host, vif, row } = sample;
  const subject = `${peer} → ${to ?? `${host} ${vif}`}`;
  if (row.oper !== 'applied') return [{ id, subject, text: `the link is ${row.oper}` }];
  if (look.comparison !== 'differs') return [];
  return [{ id, subject, text: 'is not as it was asked, or was measured otherwise' }];
}
