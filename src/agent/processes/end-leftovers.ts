import { setTimeout as delay } from 'node:timers/promises';
import { NetmgrError } from '../../errors.js';
import {
  isRunning,
  observeProcess,
  runningProcesses,
  type ProcessFacts,
} from '../../process/process-identity.js';
import { processMark } from './marked-run.js';
import { environmentOf, processNamespaceOf } from './surroundings.js';

const CHECK_INTERVAL = 20;
/** Milliseconds. A killed process still ends its system call, and one that waits for a disk may take its time. */
const PATIENCE = 10_000;

/**
 * Ends what an earlier owner of the directory left running (processMark): an agent that is killed leaves its snmpd,
 * and a `tc` that goes on writing. When this fulfils, nothing of it runs any more.
 *
 * Processes of other process namespaces are left alone, because a container may have a directory of the same name,
 * and so are those whose environment is closed to us.
 *
 * @returns what was ended
 * @throws NetmgrError `CommandFailed` if a process does not end
 */
export async function endLeftovers(directory: string): Promise<readonly ProcessFacts[]> {
  const ended = new Map<string, ProcessFacts>();
  const deadline = performance.now() + PATIENCE;
  // Again until none is left: what is found may have started another one meanwhile.
  for (;;) {
    const found = await findMarked(directory);
    for (const process of found) {
      ended.set(`${String(process.pid)} ${process.startTime}`, process);
      kill(process);
    }
    const left = await firstRunning([...ended.values()]);
    if (found.length === 0 && left === undefined) return [...ended.values()];
    if (left !== undefined && performance.now() > deadline) throw notEnding(directory, left);
    await delay(CHECK_INTERVAL);
  }
}

/** A process that dies has no environment any more before it has closed its sockets. */
async function firstRunning(processes: readonly ProcessFacts[]): Promise<ProcessFacts | undefined> {
  for (const process of processes) if (await isRunning(process)) return process;
  return undefined;
}

async function findMarked(directory: string): Promise<ProcessFacts[]> {
  const entries = Object.entries(processMark(directory)).map(([name, value]) => `${name}=${value}`);
  const own = await processNamespaceOf('self');
  const found: ProcessFacts[] = [];
  for await (const before of runningProcesses()) {
    const { pid } = before;
    const environment = pid === process.pid ? [] : ((await environmentOf(pid)) ?? []);
    if (!entries.every((entry) => environment.includes(entry))) continue;
    if ((await processNamespaceOf(pid)) !== own) continue;
    // The id may have become another process's since; the last look is right before the signal.
    const after = await observeProcess(pid);
    if (after?.startTime === before.startTime) found.push(after);
  }
  return found;
}

function kill({ pid }: ProcessFacts): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone, or it is not ours to end: the next look tells.
  }
}

function notEnding(directory: string, { pid, name }: ProcessFacts): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `process ${String(pid)} (${name}) of an earlier agent does not end`,
    subject: directory,
    hint: 'End it by hand, or wait for it, and start again.',
  });
}
