import type { BitRate } from '../../units/bit-rate.js';
import { Duration } from '../../units/duration.js';
import type { PhysicalLink, RealEnvironment } from '../model/real-environment.js';

/** A physical link in one of its directions. */
export interface Hop {
  readonly link: PhysicalLink;
  readonly from: string;
  readonly to: string;
}

/** The way between two hosts. */
export interface PhysicalPath {
  readonly hops: readonly Hop[];
  /** Of all links that say it, one way. */
  readonly latency: Duration;
  /** The link with the least bandwidth, of those that say it. */
  readonly narrowest: (Hop & { readonly bandwidth: BitRate }) | undefined;
  /** The largest packet that all links let pass, in octets; undefined if none says it. */
  readonly mtu: number | undefined;
}

/**
 * Finds ways through the physical network of a real file: over the fewest links, of equals the one with the least latency, as
 * far as the file says how the hosts are joined. Packets pass switches and routers, and no other host.
 */
export class PhysicalPaths {
  readonly #hops = new Map<string, Hop[]>();
  readonly #hosts: ReadonlySet<string>;
  readonly #from = new Map<string, ReadonlyMap<string, PhysicalPath>>();

  constructor({ hosts, links }: Pick<RealEnvironment, 'hosts' | 'links'>) {
    this.#hosts = new Set(hosts.map(({ name }) => name));
    for (const link of links) {
      this.#add({ link, from: link.from, to: link.to });
      this.#add({ link, from: link.to, to: link.from });
    }
  }

  /** Whether the file says how a host is joined to others. */
  knows(host: string): boolean {
    return this.#hops.has(host);
  }

  between(from: string, to: string): PhysicalPath | undefined {
    const known = this.#from.get(from) ?? this.#explore(from);
    this.#from.set(from, known);
    return known.get(to);
  }

  #add(hop: Hop): void {
    const hops = this.#hops.get(hop.from);
    if (hops === undefined) this.#hops.set(hop.from, [hop]);
    else hops.push(hop);
  }

  /** In waves, each one link longer than the one before, so that the ways of a wave are final when the next begins. */
  #explore(start: string): Map<string, PhysicalPath> {
    const found = new Map<string, PhysicalPath>([[start, pathOf([])]]);
    let wave = [start];
    while (wave.length > 0) {
      const next = new Map<string, PhysicalPath>();
      for (const end of wave) {
        if (end !== start && this.#hosts.has(end)) continue;
        const before = found.get(end)?.hops ?? [];
        for (const hop of this.#hops.get(end) ?? []) {
          if (found.has(hop.to)) continue;
          const path = pathOf([...before, hop]);
          const other = next.get(hop.to);
          if (other === undefined || path.latency.microseconds < other.latency.microseconds) {
            next.set(hop.to, path);
          }
        }
      }
      for (const [end, path] of next) found.set(end, path);
      wave = [...next.keys()];
    }
    return found;
  }
}

function pathOf(hops: readonly Hop[]): PhysicalPath {
  let latency = Duration.ZERO;
  let narrowest: PhysicalPath['narrowest'];
  let mtu: number | undefined;
  for (const hop of hops) {
    const { bandwidth, latency: own, mtu: most } = hop.link;
    if (own !== undefined) latency = latency.plus(own);
    if (
      bandwidth !== undefined &&
      !(bandwidth.bitsPerSecond >= (narrowest?.bandwidth.bitsPerSecond ?? Infinity))
    ) {
      narrowest = { ...hop, bandwidth };
    }
    if (most !== undefined) mtu = Math.min(mtu ?? Infinity, most.bytes);
  }
  return { hops, latency, narrowest, mtu };
}
