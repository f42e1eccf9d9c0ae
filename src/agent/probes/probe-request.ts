import type { ProbeResultRow } from '../../mib/probe-result-table.js';
import type { ProbeRow } from '../../mib/probe-table.js';

/** What was counted; what is missing is 0. */
export type Counted = Partial<Omit<ProbeResultRow, 'run' | 'number' | 'state'>>;

const NOTHING = {
  sent: 0,
  received: 0,
  rttMin: 0,
  rttAvg: 0,
  rttMax: 0,
  octets: 0n,
  duration: 0,
  message: '',
};

/** A row of netemuProbeTable, and the row of netemuProbeResultTable that becomes of it. */
export class ProbeRequest {
  #result: ProbeResultRow;
  #begun = false;
  readonly #end = new AbortController();

  constructor(readonly row: ProbeRow) {
    this.#result = { run: row.run, number: row.number, state: 'waiting', ...NOTHING };
  }

  get result(): ProbeResultRow {
    return this.#result;
  }

  /** Whether somebody has begun it: it does not change any more. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Aborted when nobody wants the result any more. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Marks it as begun. @returns whether it was not before */
  begin(): boolean {
    const isFirst = !this.#begun;
    this.#begun = true;
    return isFirst;
  }

  running(): void {
    this.#result = { ...this.#result, state: 'running' };
  }

  done(counted: Counted): void {
    this.#result = { ...this.#result, ...counted, state: 'done' };
  }

  /** @param message why, in at most 255 octets without control characters */
  fail(message: string): void {
    this.#result = { ...this.#result, state: 'failed', message };
  }

  /** Ends what it does. */
  end(): void {
    this.#end.abort();
  }
}

/** A signal that is aborted when nobody wants the result of any of the requests any more. */
export function endOfAll(requests: readonly ProbeRequest[]): AbortSignal {
  const end = new AbortController();
  const look = (): void => {
    if (requests.every(({ signal }) => signal.aborted)) end.abort();
  };
  for (const { signal } of requests) signal.addEventListener('abort', look, { once: true });
  look();
  return end.signal;
}
