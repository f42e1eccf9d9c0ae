import type { Duplex } from 'node:stream';
import { execa } from 'execa';
import { messageOf } from '../errors.js';

/** Where one of a process's descriptors leads: nowhere, to ours, to a stream of ours, or to a descriptor of ours. */
export type Descriptor = 'ignore' | 'inherit' | 'pipe' | number;

export interface AttachedOptions {
  /** One per descriptor, from 0. */
  readonly stdio: readonly Descriptor[];
  /** The whole environment; ours is not added. Default: ours. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** In a session and process group of its own, so that no terminal's signal reaches it. */
  readonly detached?: boolean;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly exitCode?: number;
  readonly signal?: NodeJS.Signals;
  /** Why it could not be started. */
  readonly notStarted?: string;
}

/** A process whose descriptors the caller has chosen. */
export interface AttachedProcess {
  readonly pid: number | undefined;
  /** The streams of the descriptors that are pipes, both ways for those above 2. */
  readonly streams: readonly (Duplex | null | undefined)[];
  /** Fulfils at its end, whatever the end. */
  readonly ended: Promise<ProcessEnd>;
  /** Sends a signal to the process, or to its whole group where it is detached. A process that has ended is no error. */
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Starts a process with chosen descriptors, session and environment. There is never a shell. */
export function startAttached(
  argv: readonly [string, ...string[]],
  options: AttachedOptions,
): AttachedProcess {
  const [file, ...args] = argv;
  const detached = options.detached ?? false;
  const subprocess = execa(file, args, {
    reject: false,
    buffer: false,
    stdio: options.stdio as never,
    detached,
    // Our own end does not signal it: whoever starts it has a better way.
    cleanup: false,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env, extendEnv: false }),
  });
  const { pid } = subprocess;
  let over = false;
  return {
    pid,
    streams: subprocess.stdio,
    ended: endOf(subprocess).finally(() => {
      over = true;
    }),
    kill: (signal) => {
      if (pid === undefined || (over && !detached)) return;
      try {
        process.kill(detached ? -pid : pid, signal);
      } catch {
        // It has ended meanwhile.
      }
    },
  };
}

interface Ending extends PromiseLike<{ readonly cause?: unknown }> {
  once(event: 'exit', listener: (code: number | null, signal: NodeJS.Signals | null) => void): unknown;
}

/** The process's own end: its descendants may hold its descriptors open for longer, which execa would wait for. */
async function endOf(subprocess: Ending): Promise<ProcessEnd> {
  return Promise.race([
    new Promise<ProcessEnd>((resolve) => {
      subprocess.once('exit', (exitCode, signal) => {
        if (exitCode !== null) resolve({ exitCode });
        else if (signal !== null) resolve({ signal });
      });
    }),
    notStarted(subprocess),
  ]);
}

async function notStarted(subprocess: Ending): Promise<ProcessEnd> {
  const { cause } = await subprocess;
  return { notStarted: messageOf(cause) };
}
