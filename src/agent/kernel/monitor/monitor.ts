import { createInterface } from 'node:readline';
import { messageOf } from '../../../errors.js';
import { start, type RunningProcess } from '../../../process/run.js';
import { isListeningTo } from './netlink-sockets.js';

export interface MonitorOptions {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** The groups of rtnetlink that it listens to, as a mask; undefined: it is no such command. */
  readonly groups?: number;
  /** Lines may have been lost: the kernel had more to say than was read, or the command ended and began again. */
  readonly onGap: () => void;
  /** The command ended though nobody asked it to; the next attempt follows. Not said again for the same reason. */
  readonly onTrouble: (reason: string) => void;
}

/** Milliseconds between two looks whether a command listens. */
const LOOK = 50;
/** Milliseconds that it has, from when it listens, to read the names of all interfaces (ll_init_map of iproute2). */
const READING_NAMES = 1000;
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
  #isListening = false;
  #listenTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: MonitorOptions) {
    this.#start();
  }

  /** Of the command that runs now; undefined between an end and the next start. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Whether all that the kernel tells is heard. It is a gap when that begins, and when it ends. */
  get isListening(): boolean {
    return this.#isListening;
  }

  /** Whether the command runs and does not listen yet: that it does is going to be a gap. */
  get isBeginning(): boolean {
    return this.#child !== undefined && this.options.groups !== undefined && !this.#isListening;
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
    this.#awaitListening();
    let words = '';
    createInterface({ input: child.stdout }).on('line', onLine);
    createInterface({ input: child.stderr }).on('line', (line) => {
      words = line;
      // "netlink receive error No buffer space available", for one.
      onGap();
    });
    this.#ended = child.then(({ exitCode, signal, cause }) => {
      this.#child = undefined;
      clearTimeout(this.#listenTimer);
      this.#isListening = false;
      onGap();
      if (performance.now() - startedAt > STEADY) this.#delay = FIRST_DELAY;
      const how = signal ?? (exitCode === undefined ? messageOf(cause) : `exit code ${String(exitCode)}`);
      this.#again(`${argv.join(' ')} ended (${how})${words === '' ? '' : `: ${words}`}`);
    });
  }

  #awaitListening(): void {
    const { groups, onGap } = this.options;
    if (groups === undefined) return;
    const pid = this.#child?.pid;
    const hasJoined = pid !== undefined && isListeningTo(pid, groups);
    const next = (): void => {
      if (!hasJoined) {
        this.#awaitListening();
        return;
      }
      this.#isListening = true;
      onGap();
    };
    // What comes while it reads the names of interfaces, by the same socket, it drops.
    this.#listenTimer = setTimeout(next, hasJoined ? READING_NAMES : LOOK).unref();
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
