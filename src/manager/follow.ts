import { setTimeout as sleep } from 'node:timers/promises';
import { failuresOf, type NetmgrError } from '../errors.js';
import type { ApplyListener } from './apply/apply-listener.js';
import type { ApplyReport } from './apply/apply-report.js';
import type { Manager } from './manager.js';

/** A machine that is not where it was. */
export interface Move {
  readonly vm: string;
  /** Names of hosts. */
  readonly from: string;
  readonly to: string;
}

export interface FollowSettings {
  /** Milliseconds from one look to the next. */
  readonly interval: number;
  /** Ends it; what is being applied then goes on to its end. */
  readonly signal: AbortSignal;
  readonly onMoves: (moves: readonly Move[]) => void;
  /** Hears of each apply: the first brings the hosts to the files, each further one follows moves. */
  readonly onApplied: (report: ApplyReport) => void;
  /** Hears what went wrong; it is tried again. Not said again while it stays the same. */
  readonly onFailure: (errors: readonly NetmgrError[]) => void;
  readonly onStep?: ApplyListener;
}

/** Applies, and again whenever machines of clusters have moved, until it is ended. Never rejects. */
export async function follow(
  manager: Manager,
  { interval, signal, onMoves, onApplied, onFailure, onStep }: FollowSettings,
): Promise<void> {
  let current: Manager | undefined;
  let isApplied = false;
  let said = '';
  while (!signal.aborted) {
    const rest = sleep(interval, undefined, { signal }).catch(() => undefined);
    try {
      const now: Manager = await (current?.relocated() ?? manager.located());
      // Where they are at first is no news.
      const moves = current === undefined ? [] : movesBetween(current, now);
      if (moves.length > 0) onMoves(moves);
      isApplied &&= moves.length === 0;
      current = now;
      // Once begun it is done to its end: there is something new to run.
      if (!isApplied) onApplied(await now.apply(onStep));
      isApplied = true;
      said = '';
    } catch (error) {
      const errors = failuresOf(error);
      const words = errors.map(({ message }) => message).join('\n');
      if (words !== said) onFailure(errors);
      said = words;
    }
    await rest;
  }
}

function movesBetween(before: Manager, now: Manager): Move[] {
  return before.real.hosts.flatMap(({ name: from, vms }) =>
    vms.flatMap(({ name: vm }) => {
      const to = now.hostOf(vm);
      return to === undefined || to === from ? [] : [{ vm, from, to }];
    }),
  );
}
