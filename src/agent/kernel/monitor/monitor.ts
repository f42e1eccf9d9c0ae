import { createInterface } from 'node:readline';
import { messageOf } from '../../../errors.js';
import { start, type RunningProcess } from '../../../process/run.js';
import { isListeningTo } from './netlink-sockets.js';

export interface MonitorOptions {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** Lines may have been lost: the kernel had more to say than was read, or the command ended and began again. */
  readonly onGap: () => void;
  /** The command ended though nobody asked it to; the next attempt follows. Not said again for the same reason. */
  readonly onTrouble: (reason: string) => void;
}

const FIRST_DELAY = 100;
const LAST_DELAY = 30_000;
/** Milliseconds after which an end is a new trouble, not the old one. */
const STEADY = 10_000;

/** A command that tells of changes as long as it runs, kept running until {@link stop}. */
export class Monitor {
  #child: RunningProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #delay = FIRST_DELAY;
  #lastReason = '';
  #isStopped = false;
  /** The process that is known to listen. */
  #listening: number | undefined;

  constructor(private readonly options: MonitorOptions) {
    this.#start();
  }

  /** Of the command that runs now; undefined between an end and the next start. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Whether the command has told the kernel by now what it wants to hear of. @param groups as a mask */
  isListeningTo(groups: number): boolean {
    const { pid } = this;
    if (pid === undefined) return false;
    // Once it has, it does until it ends.
    if (this.#listening !== pid && isListeningTo(pid, groups)) this.#listening = pid;
    return this.#listening === pid;
  }

  /** Ends the command; fulfils when it has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#child?.kill('SIGTERM');
    await this.#ended;
  }

  /** Runs the command again after {@link stop}. */
  resume(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#start();
  }

  #start(): void {
    const { argv, env, onLine, onGap } = this.options;
    const startedAt = performance.now();
    const child = start(argv, { env: { LC_ALL: 'C', ...env }, stdout: 'pipe', stderr: 'pipe' });
    this.#child = child;
    let words = '';
    createInterface({ input: child.stdout }).on('line', onLine);
    createInterface({ input: child.stderr }).on('line', (line) => {
      words = line;
      // "netlink receive error No buffer space available", for one.
      onGap();
    });
    this.#ended = child.then(({ exitCode, signal, cause }) => {
      this.#child = undefined;
      onGap();
      if (performance.now() - startedAt > STEADY) this.#delay = FIRST_DELAY;
      const how = signal ?? (exitCode === undefined ? messageOf(cause) : `exit code ${String(exitCode)}`);
      this.#again(`${argv.join(' ')} ended (${how})${words === '' ? '' : `: ${words}`}`);
    });
  }

  #again(reason: string): void {
    if (this.#isStopped) return;
    if (reason !== this.#lastReason) this.options.onTrouble(reason);
    this.#lastReason = reason;
    this.#timer = setTimeout(() => {
      this.#start();
      this.options.onGap();
    }, this.#delay);
    this.#delay = Math.min(2 * this.#delay, LAST_DELAY);
  }
}
