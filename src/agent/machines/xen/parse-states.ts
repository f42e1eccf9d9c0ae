import type { VmRow } from '../../../mib/vm/vm-table.js';

/** What `xl list` says of a domain now. */
export interface DomainState {
  readonly operState: VmRow['operState'];
  /** MiB. */
  readonly memory: number;
  readonly cpus: number;
  /** Microseconds of processor time. */
  readonly cpuTime: bigint;
}

const MICROSECONDS = 1e6;

/** Name, ID, MiB, virtual processors, letters of its state, seconds; a name may have spaces. */
const LINE = /^.+\s(\d+)\s+(\d+)\s+(\d+)\s+([a-z-]{6})\s+([\d.]+)$/gm;

/** The letters of `xl list` that say more than that it runs, or waits for something to do (xl(1)). */
const STATES: readonly (readonly [letter: string, state: VmRow['operState']])[] = [
  ['c', 'crashed'],
  ['d', 'shuttingdown'],
  ['s', 'shutdown'],
  ['p', 'paused'],
];

/** The states of all domains by their IDs, from what `xl list` prints. */
export function parseStates(output: string): ReadonlyMap<number, DomainState> {
  return new Map(
    [...output.matchAll(LINE)].map(([, id, memory, cpus, letters = '', seconds]) => [
      Number(id),
      {
        operState: STATES.find(([letter]) => letters.includes(letter))?.[1] ?? 'running',
        memory: Number(memory),
        cpus: Number(cpus),
        cpuTime: BigInt(Math.round(Number(seconds) * MICROSECONDS)),
      },
    ]),
  );
}
