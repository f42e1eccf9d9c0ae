import { setTimeout as sleep } from 'node:timers/promises';
import { NetmgrError } from '../../errors.js';
import { isBusyState } from '../../mib/cfg-scalars.js';
import type { WireValueError } from '../../mib/syntax.js';
import type { RowOf, TableDefinition } from '../../mib/table.js';
import type { Oid } from '../../mib/value.js';
import {
  readCommitStatus,
  readExaminedStatus,
  readRunningDigest,
  type CommitStatus,
  type ExaminedStatus,
} from './agent-status.js';
import { readTable } from './read-table.js';
import { isPassing } from './snmp-error.js';
import type { SnmpSession } from './snmp-session.js';

/** Milliseconds between two looks at an action under way: short at first, since most end at once. */
const FIRST_POLL = 20;
const SLOWEST_POLL = 500;
/** By what each pause is longer than the one before: what ends is seen late by no more than a tenth of the time it took. */
const GROWTH = 1.1;
/** Milliseconds after which an agent that is still busy is given up. */
const LONGEST_ACTION = 120_000;
/** Milliseconds that an agent may be silent in the middle of a session: two requests, or a restart. */
export const PATIENCE = 25_000;

/** How an agent is waited for. */
export interface Settling {
  /** Hears at each look what percent of its work is done. */
  readonly onProgress?: ((percent: number) => void) | undefined;
  /** Milliseconds that it may be silent. */
  readonly patience?: number | undefined;
}

/** The status once the agent is not busy. One that is silent for a while may be starting again. */
export async function readSettled(
  session: SnmpSession,
  { onProgress = () => undefined, patience = PATIENCE }: Settling = {},
): Promise<CommitStatus> {
  const deadline = performance.now() + LONGEST_ACTION;
  for (let pause = FIRST_POLL; ; pause = Math.min(pause * GROWTH, SLOWEST_POLL)) {
    const status = await patiently(() => readCommitStatus(session), patience);
    if (!isBusyState(status.state)) return status;
    onProgress(status.progress);
    if (performance.now() > deadline) {
      throw new NetmgrError({
        kind: 'Unreachable',
        message: `the agent is still ${status.state} after ${String(LONGEST_ACTION / 1000)} s`,
        subject: session.agent.host,
        hint: "Look at the agent's log on that host.",
      });
    }
    await sleep(pause);
  }
}

/** The same, with what the agent finds when it examines its kernel. One GET if it is idle, and if that does not take long. */
export async function readExamined(session: SnmpSession, patience: number): Promise<ExaminedStatus> {
  for (;;) {
    const status = await patiently(() => untilRead(session, () => readExaminedStatus(session)), patience);
    if (!isBusyState(status.state)) return status;
    await readSettled(session);
  }
}

/**
 * NetemuDigest of what the agent runs. One GET.
 *
 * @param patience milliseconds that the agent may be silent
 */
export function readRunning(session: SnmpSession, patience: number): Promise<Uint8Array> {
  return patiently(() => readRunningDigest(session), patience);
}

/**
 * Repeats what an agent has to read its kernel for, and takes long for: one with hundreds of machines on a slow kernel says so
 * (genErr), and reads on. It is asked for as long as it answers anything else.
 */
export async function untilRead<T>(session: SnmpSession, read: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + LONGEST_ACTION;
  for (let pause = FIRST_POLL; ; pause = Math.min(pause * GROWTH, SLOWEST_POLL)) {
    try {
      return await read();
    } catch (error) {
      if (!isPassing(error) || performance.now() > deadline) throw error;
      await readCommitStatus(session);
      await sleep(pause);
    }
  }
}

/** {@link readTable} of one that an agent has to read its kernel for. */
export function readTablePatiently<T extends TableDefinition>(
  session: SnmpSession,
  table: T,
  ...rest: [below?: Oid, onMisfit?: (error: WireValueError, oid: Oid) => void]
): Promise<RowOf<T>[]> {
  return untilRead(session, () => readTable(session, table, ...rest));
}

/** Repeats a reading for so many milliseconds while nobody answers. */
async function patiently<T>(read: () => Promise<T>, patience: number): Promise<T> {
  const since = performance.now();
  for (;;) {
    try {
      return await read();
    } catch (error) {
      // A reading is not refused, but fails (genErr) while the agent behind snmpd goes or comes.
      const canPass =
        error instanceof NetmgrError && (error.kind === 'Unreachable' || error.kind === 'Rejected');
      if (!canPass || performance.now() - since > patience) throw error;
      await sleep(SLOWEST_POLL);
    }
  }
}
