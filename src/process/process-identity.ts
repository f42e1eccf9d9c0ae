import { readdir, readFile } from 'node:fs/promises';
import { readBootId } from './boot-id.js';

/** A process that cannot be mistaken for a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat (proc(5)): clock ticks from boot to its start. */
  readonly startTime: string;
}

/** A process that cannot be mistaken for one of another life of the kernel either. */
export interface LastingIdentity extends ProcessIdentity {
  /** Of `readBootId`. */
  readonly boot: string;
}

/** What is known of a running process. */
export interface ProcessFacts extends ProcessIdentity {
  /** The name of its program, cut to 15 characters. */
  readonly name: string;
}

/** Looks at a process; undefined if there is none with that id, or one that has ended and waits for its parent. */
export async function observeProcess(pid: number): Promise<ProcessFacts | undefined> {
  let stat: string;
  try {
    stat = await readFile(`/proc/${String(pid)}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name stands in parentheses and may hold any character, so the last one ends it.
  const end = stat.lastIndexOf(')');
  const [state, ...fields] = stat.slice(end + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  return { pid, startTime: fields[18] ?? '', name: stat.slice(stat.indexOf('(') + 1, end) };
}

/** The processes that run now, one by one. */
export async function* runningProcesses(): AsyncGenerator<ProcessFacts> {
  for (const name of await readdir('/proc')) {
    const process = /^[0-9]+$/.test(name) ? await observeProcess(Number(name)) : undefined;
    if (process !== undefined) yield process;
  }
}

export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await observeProcess(identity.pid))?.startTime === identity.startTime;
}

/** The identity of this process, for others to find after it has ended and the kernel with it. */
export async function ownIdentity(): Promise<LastingIdentity> {
  const [own, boot] = await Promise.all([observeProcess(process.pid), readBootId()]);
  return { pid: process.pid, startTime: own?.startTime ?? '', boot };
}

/** Whether that process still runs, be it stopped (SIGSTOP). */
export async function isAlive(identity: LastingIdentity): Promise<boolean> {
  return identity.boot === (await readBootId()) && (await isRunning(identity));
}

export function encodeIdentity({ pid, startTime }: ProcessIdentity): string {
  return `${String(pid)} ${startTime}\n`;
}

/** The reverse of {@link encodeIdentity}; undefined for any other text. */
export function decodeIdentity(text: string): ProcessIdentity | undefined {
  const [, pid, startTime] = /^([0-9]{1,9}) ([0-9]{1,20})\n$/.exec(text) ?? [];
  return pid === undefined || startTime === undefined ? undefined : { pid: Number(pid), startTime };
}
