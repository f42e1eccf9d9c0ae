import type { NetmgrError } from '../../errors.js';
import { groupBy } from '../../group-by.js';
import type { HostStatus } from '../../manager/host-status.js';
import type { NetworkState, VifNow } from '../../manager/monitor/network-state.js';
import { linkSamples, type LinkSample } from './link-samples.js';

/** Milliseconds after which what a host said is stale, however short the interval is. */
const SHORTEST_LIFE = 5000;
/** The same in intervals. */
const LIFE = 3;

/** What is known of a host: what it said last, even if it does not answer any more. */
export interface KnownHost {
  readonly name: string;
  readonly answers: 'yes' | 'no' | 'waiting';
  /** Why it does not answer. */
  readonly errors: readonly NetmgrError[];
  readonly status?: HostStatus;
  /** When its agent read its kernel last, in milliseconds since 1970 by our clock. */
  readonly heard?: number;
  readonly vifs: readonly VifNow[];
  readonly links: readonly LinkSample[];
}

/** Remembers what hosts said last, and when. */
export class KnownHosts {
  #hosts: ReadonlyMap<string, KnownHost>;

  /**
   * @param names of all hosts
   * @param interval milliseconds from one reading to the next
   */
  constructor(
    names: readonly string[],
    private readonly interval: number,
  ) {
    this.#hosts = new Map(names.map((name) => [name, unheard(name)]));
  }

  get all(): readonly KnownHost[] {
    return [...this.#hosts.values()];
  }

  of(name: string): KnownHost {
    return this.#hosts.get(name) ?? unheard(name);
  }

  take(state: NetworkState): void {
    const now = state.time.getTime();
    const vifs = groupBy(state.vifs, ({ host }) => host);
    const links = groupBy(linkSamples(state), ({ host }) => host);
    const said = new Map(state.hosts.map((host) => [host.name, host]));
    this.#hosts = new Map(
      [...this.#hosts].map(([name, known]): [string, KnownHost] => {
        const host = said.get(name);
        if (host === undefined) return [name, known];
        if ('errors' in host) return [name, { ...known, answers: 'no', errors: host.errors }];
        // While an agent does not answer, its last words are repeated until it is given up.
        const isRepeated = host.summary.statsTime === known.status?.summary.statsTime;
        return [
          name,
          {
            ...{ name, answers: 'yes', errors: [], status: host },
            heard: isRepeated && known.answers === 'yes' ? (known.heard ?? now) : now,
            vifs: vifs.get(name) ?? [],
            links: links.get(name) ?? [],
          },
        ];
      }),
    );
  }

  /** Milliseconds since a host was read; undefined if it never was. */
  ageOf(name: string, now: number): number | undefined {
    const { heard } = this.of(name);
    return heard === undefined ? undefined : Math.max(0, now - heard);
  }

  /** Whether what is known of a host is not what is now. */
  isStale(name: string, now: number): boolean {
    const age = this.ageOf(name, now);
    if (age === undefined) return false;
    return this.of(name).answers === 'no' || age > Math.max(SHORTEST_LIFE, LIFE * this.interval);
  }
}

function unheard(name: string): KnownHost {
  return { name, answers: 'waiting', errors: [], vifs: [], links: [] };
}
