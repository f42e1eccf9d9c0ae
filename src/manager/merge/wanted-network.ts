import { Duration } from '../../units/duration.js';
import { gilbertOf } from '../../units/gilbert.js';
import type { Link } from '../model/link.js';
import type { Parameters } from '../model/parameters.js';
import type { RealEnvironment } from '../model/real-environment.js';
import type { Rule } from '../model/rule.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { Conflicts } from './conflicts.js';
import { connectionOf, isJoined, siteConnections, type SiteConnection } from './connections.js';
import { exceptionsOf, type Exception, type ExceptionEnd } from './exceptions.js';
import { LinksBetween } from './links-between.js';
import { placeNodes } from './place-nodes.js';
import type { PlacedNode } from './placed-node.js';
import { Profiles } from './profiles.js';
import { Receiving, type Received } from './received.js';

/** In parts per million. */
const ONE = 1e6;

/** What a packet is, as far as rules look at it. */
export interface Packet {
  /** Of none of these, nothing that names a protocol decides. */
  readonly protocol: NonNullable<Rule['protocol']>;
  /** Of the destination. */
  readonly port?: number;
}

/** Whether a first packet passes from one node to another, and what of the file decides it. */
export type Decision =
  | { readonly passes: boolean; readonly by: 'rule' | 'link'; readonly exception: Exception }
  | { readonly passes: true; readonly by: 'connection'; readonly connection: SiteConnection }
  | { readonly passes: true; readonly by: 'site' }
  | { readonly passes: false; readonly by: 'nothing' };

/** A way from one node to another without a node between. */
export interface Leg extends Received {
  readonly from: PlacedNode;
  readonly to: PlacedNode;
}

/** What both files together want between nodes, to be asked of any two of them. */
export class WantedNetwork {
  readonly nodes: readonly PlacedNode[];
  readonly #connections: readonly SiteConnection[];
  readonly #exceptions: readonly Exception[];
  readonly #receiving: Receiving;

  /** @throws NetmgrError or ApplyError of kind `Conflict`, if the files do not fit */
  constructor(real: RealEnvironment, virtual: VirtualEnvironment) {
    const nowhere = (): undefined => undefined;
    const conflicts = new Conflicts();
    this.nodes = placeNodes(real, virtual, nowhere, conflicts);
    this.#connections = siteConnections(virtual, this.nodes, nowhere, conflicts);
    this.#exceptions = exceptionsOf(virtual, this.nodes, this.#connections, nowhere);
    this.#receiving = new Receiving(new LinksBetween(virtual.links), new Profiles(), nowhere);
    conflicts.throwIfAny();
  }

  /** What decides about the first packet from one node to another; answers to it pass if it does. */
  decide(from: PlacedNode, to: PlacedNode, packet: Packet): Decision {
    const exception = this.#exceptions.find(
      (one) => isEnd(one.from, from) && isEnd(one.to, to) && isAbout(one, packet),
    );
    if (exception !== undefined) {
      const by = 'action' in exception.source ? 'rule' : 'link';
      return { passes: exception.action === 'allow', by, exception };
    }
    if (from.site === to.site) return { passes: true, by: 'site' };
    const connection = connectionOf(from.site, to.site, this.#connections);
    if (connection === undefined) return { passes: false, by: 'nothing' };
    const passes = connection.policy === 'routed' || isJoined(from, to, [connection]);
    return passes ? { passes, by: 'connection', connection } : { passes: false, by: 'nothing' };
  }

  /** The ways that a packet takes one after the other: one, or several through the proxies of routed sites. */
  legs(from: PlacedNode, to: PlacedNode): Leg[] {
    const stations = [from, ...this.#between(from, to), to];
    return stations.flatMap((station, i): Leg[] => {
      const next = stations[i + 1];
      if (next === undefined) return [];
      return [{ from: station, to: next, ...this.#receiving.of(station, next) }];
    });
  }

  /** The proxies that forward what one node sends another. */
  #between(from: PlacedNode, to: PlacedNode): PlacedNode[] {
    if (from.site === to.site) return [];
    const connection = connectionOf(from.site, to.site, this.#connections);
    if (connection?.policy !== 'routed') return [];
    const side = connection.sites.indexOf(from.site);
    const gateways = [connection.ends[side]?.[0], connection.ends[1 - side]?.[0]];
    return gateways.filter((node): node is PlacedNode => node !== undefined && node !== from && node !== to);
  }
}

function isEnd(end: ExceptionEnd, node: PlacedNode): boolean {
  if (end.kind === 'outside') return false;
  return end.kind === 'site' ? end.site === node.site : end.nodes.includes(node);
}

function isAbout({ protocol, ports }: Exception, packet: Packet): boolean {
  if (protocol !== undefined && protocol !== packet.protocol) return false;
  if (ports === undefined) return true;
  const { port } = packet;
  return port !== undefined && port >= ports[0] && port <= ports[1];
}

/** How long a packet takes over legs by what is asked. */
export function latencyOf(legs: readonly Leg[]): Duration {
  return legs.reduce((sum, { parameters }) => sum.plus(parameters.latency ?? Duration.ZERO), Duration.ZERO);
}

/** How long a packet takes at most over legs by what is asked of latency and jitter, in microseconds. */
export function delayOf(legs: readonly Leg[]): number {
  const jitter = legs.reduce((sum, { parameters }) => sum + (parameters.jitter?.microseconds ?? 0), 0);
  return latencyOf(legs).microseconds + jitter;
}

/** The share of packets that are lost on legs by what is asked, from 0 to 1. */
export function lossOf(legs: readonly Leg[]): number {
  return 1 - legs.reduce((rest, { parameters }) => rest * (1 - lossShare(parameters)), 1);
}

const share = (ratio: { readonly partsPerMillion: number } | undefined, otherwise: number): number =>
  ratio === undefined ? otherwise : ratio.partsPerMillion / ONE;

/** Of two states, each loses its share for as long as the chain stays in it: p / (p + r) of the time in the bad one. */
function lossShare({
  state,
  loss,
  corrupt,
  gemodelP,
  gemodelR,
  gemodelBad,
  gemodelGood,
}: Parameters): number {
  if (state === 'down') return 1;
  // Who receives a corrupted packet drops it for its check sum.
  const intact = 1 - share(corrupt, 0);
  if (gemodelP === undefined) return 1 - intact * (1 - share(loss, 0));
  const p = share(gemodelP, 0);
  const r = share(gemodelR, 1);
  const bad = p + r === 0 ? 0 : p / (p + r);
  const lost = bad * share(gemodelBad, 1) + (1 - bad) * share(gemodelGood, 0);
  return 1 - intact * (1 - lost);
}

/** How many packets are lost in a row on average, where they are lost in bursts; 1 where each is lost by itself. */
export function burstOf(legs: readonly Leg[]): number {
  return Math.max(
    1,
    ...legs.map(({ parameters: { loss, lossCorrelation, gemodelP, gemodelR } }) => {
      if (gemodelP !== undefined) return ONE / (gemodelR?.partsPerMillion ?? ONE);
      if (loss === undefined || lossCorrelation === undefined || loss.partsPerMillion === 0) return 1;
      return ONE / Math.max(1, gilbertOf(loss.partsPerMillion, lossCorrelation.partsPerMillion).r);
    }),
  );
}

/** The link of the file that says most specifically what is between two nodes. */
export function linkOf(legs: readonly Leg[]): Link | undefined {
  return legs.flatMap(({ links }) => links).at(-1);
}

/** The narrowest of links and lines on a way. */
export interface Limit {
  /** Bits per second. */
  readonly bandwidth: number;
  readonly framing: 'frame' | 'ethernet';
  /** Whether it is the line of who sends. */
  readonly isSenders: boolean;
}

/** What limits the rate on legs; undefined if nothing does. */
export function limitOf(legs: readonly Leg[]): Limit | undefined {
  const lines = legs.flatMap(({ from, to, parameters }, i) => [
    { line: from.access.sent, isSenders: i === 0 },
    { line: parameters, isSenders: false },
    { line: to.access.received, isSenders: false },
  ]);
  const all = lines.flatMap(({ line: { bandwidth, framing }, isSenders }): Limit[] =>
    bandwidth === undefined
      ? []
      : [{ bandwidth: bandwidth.bitsPerSecond, framing: framing ?? 'frame', isSenders }],
  );
  return all.sort((a, b) => a.bandwidth - b.bandwidth)[0];
}
