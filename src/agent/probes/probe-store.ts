import { probeResultTable } from '../../mib/probe-result-table.js';
import { encodeIndex, type Entry } from '../../mib/table.js';
import type { ProbeRequest } from './probe-request.js';

/** More than managers need at the same time, and few enough that forgotten ones cost nothing. */
export const MOST_RUNS = 16;
export const MOST_REQUESTS = 100_000;
/** Milliseconds after which a run that nobody has read or written is of no use to anybody. */
export const LIFETIME = 600_000;

interface Run {
  readonly requests: Map<number, ProbeRequest>;
  /** When somebody read or wrote it last. */
  touched: number;
}

/** The requests of all runs, in memory only. */
export class ProbeStore {
  /** The run that was begun last; 0 is none. */
  begun = 0;
  readonly #runs = new Map<number, Run>();
  #size = 0;
  #sorted: readonly ProbeRequest[] | undefined;
  #requestEntries: readonly Entry[] | undefined;
  #resultEntries: readonly Entry[] | undefined;

  /** @param now milliseconds of a monotonic clock */
  constructor(private readonly now: () => number) {}

  /** The number of requests of all runs. */
  get size(): number {
    return this.#size;
  }

  /** The numbers of the runs. */
  get runs(): ReadonlySet<number> {
    return new Set(this.#runs.keys());
  }

  get(run: number, number: number): ProbeRequest | undefined {
    return this.#runs.get(run)?.requests.get(number);
  }

  /** The requests of a run in the order of their numbers. */
  requestsOf(run: number): ProbeRequest[] {
    return [...(this.#runs.get(run)?.requests.values() ?? [])].sort((a, b) => a.row.number - b.row.number);
  }

  /** Adds the request, or takes the place of the one with its numbers. */
  set(request: ProbeRequest): void {
    const { run, number } = request.row;
    let found = this.#runs.get(run);
    if (found === undefined) this.#runs.set(run, (found = { requests: new Map(), touched: this.now() }));
    if (!found.requests.has(number)) this.#size++;
    found.requests.set(number, request);
    this.#changed();
  }

  /** Forgets the request; what it does goes on. */
  delete(run: number, number: number): void {
    const found = this.#runs.get(run);
    if (found?.requests.delete(number) !== true) return;
    this.#size--;
    if (found.requests.size === 0) this.#runs.delete(run);
    this.#changed();
  }

  /** Notes that somebody is interested in a run. */
  touch(run: number): void {
    const found = this.#runs.get(run);
    if (found !== undefined) found.touched = this.now();
  }

  /** Removes the runs in which nobody is interested any more. @returns their requests, which may be doing something */
  expire(): ProbeRequest[] {
    const now = this.now();
    const expired = [...this.#runs].filter(([, { touched }]) => now - touched >= LIFETIME);
    return expired.flatMap(([run]) => this.#forget(run));
  }

  /** Removes everything. @returns the requests, which may be doing something */
  clear(): ProbeRequest[] {
    return [...this.#runs.keys()].flatMap((run) => this.#forget(run));
  }

  /** The rows of netemuProbeTable in the order of their OIDs. */
  get requestEntries(): readonly Entry[] {
    return (this.#requestEntries ??= this.#inOrder().map((request) => ({
      index: indexOf(request),
      row: request.row,
    })));
  }

  /** The rows of netemuProbeResultTable in the order of their OIDs; what they say is always of the moment. */
  get resultEntries(): readonly Entry[] {
    return (this.#resultEntries ??= this.#inOrder().map((request) => ({
      index: indexOf(request),
      get row() {
        return request.result;
      },
    })));
  }

  #inOrder(): readonly ProbeRequest[] {
    return (this.#sorted ??= [...this.#runs.keys()]
      .sort((a, b) => a - b)
      .flatMap((run) => this.requestsOf(run)));
  }

  #forget(run: number): ProbeRequest[] {
    const requests = this.requestsOf(run);
    this.#runs.delete(run);
    this.#size -= requests.length;
    this.#changed();
    return requests;
  }

  #changed(): void {
    this.#sorted = undefined;
    this.#requestEntries = undefined;
    this.#resultEntries = undefined;
  }
}

/** Both tables have the same. */
function indexOf({ result }: ProbeRequest): Entry['index'] {
  return encodeIndex(probeResultTable, result);
}
