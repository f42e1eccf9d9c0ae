import { setTimeout as sleep } from 'node:timers/promises';
import type { RunOptions } from '../../../process/run.js';
import { recordOf } from '../../kernel/printed.js';
import { badAnswer } from './agent-errors.js';
import type { GuestAgent } from './guest-agent.js';

/** Milliseconds that an agent may take for an answer at most: its machine may be busy, or on its way to another host. */
const ANSWER_TIMEOUT = 30_000;

/** Milliseconds between two questions: at first, and for what lasts. */
const FIRST_PAUSE = 10;
const GROWTH = 1.6;
const LAST_PAUSE = 250;
/** Milliseconds that a process may take to end when it is told to. */
const PATIENCE = 5000;

/** The environment of what runs inside, which is all of it. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How a process inside a machine is. */
export interface GuestStatus {
  readonly exited: boolean;
  /** Absent if a signal ended it. */
  readonly exitCode?: number;
  readonly signal?: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether the agent has dropped output: it keeps 16 MiB. */
  readonly truncated: boolean;
}

/** A process that a guest agent has started inside its machine. */
export class GuestProcess {
  private constructor(
    private readonly agent: GuestAgent,
    private readonly machine: string,
    /** Inside. */
    readonly pid: number,
    /** Milliseconds. */
    private readonly answerTimeout: number,
  ) {}

  /**
   * Starts a program with `guest-exec`: an argument vector, no shell.
   *
   * @param timeout milliseconds that the agent may take for each answer, if it is less than what it has anyway
   * @throws NetmgrError `CommandFailed` if it cannot be started, or may not
   */
  static async start(
    agent: GuestAgent,
    machine: string,
    argv: readonly [string, ...string[]],
    { input = '', env = {}, timeout = ANSWER_TIMEOUT }: Pick<RunOptions, 'input' | 'env' | 'timeout'> = {},
  ): Promise<GuestProcess> {
    const answerTimeout = Math.min(timeout, ANSWER_TIMEOUT);
    const [path, ...arg] = argv;
    const returned = await agent.ask(
      'guest-exec',
      {
        path,
        arg,
        env: Object.entries({ PATH, LC_ALL: 'C', ...env }).map(([name, value]) => `${name}=${value}`),
        ...(input === '' ? {} : { 'input-data': Buffer.from(input).toString('base64') }),
        'capture-output': true,
      },
      answerTimeout,
    );
    const { pid } = recordOf(returned);
    if (!isNumber(pid) || pid <= 0) throw badAnswer(machine, 'guest-exec without a process');
    return new GuestProcess(agent, machine, pid, answerTimeout);
  }

  /** The agent forgets a process that has ended as soon as it has told so. @throws NetmgrError `CommandFailed` */
  async status(): Promise<GuestStatus> {
    const { pid } = this;
    const status = recordOf(await this.agent.ask('guest-exec-status', { pid }, this.answerTimeout));
    const { exited, exitcode, signal } = status;
    if (typeof exited !== 'boolean') throw badAnswer(this.machine, 'guest-exec-status without "exited"');
    return {
      exited,
      ...(isNumber(exitcode) ? { exitCode: exitcode } : {}),
      ...(isNumber(signal) ? { signal } : {}),
      stdout: textIn(status['out-data']),
      stderr: textIn(status['err-data']),
      truncated: status['out-truncated'] === true || status['err-truncated'] === true,
    };
  }

  /** Asks again and again until it has ended, or a time in milliseconds or the signal is over: undefined then. */
  async ended(within: number, over?: AbortSignal): Promise<GuestStatus | undefined> {
    const deadline = performance.now() + within;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * GROWTH, LAST_PAUSE)) {
      const status = await this.status();
      if (status.exited) return status;
      const left = deadline - performance.now();
      if (left <= 0 || over?.aborted === true) return undefined;
      await pauseFor(Math.min(pause, left), over);
    }
  }

  /**
   * Ends it, in good or in bad. timeout(1), in front of it, passes SIGTERM on, and has made a process group, which no SIGKILL
   * escapes.
   *
   * @returns whether it has ended
   */
  async end(): Promise<boolean> {
    const pid = String(this.pid);
    if (await this.#signal('TERM', [pid])) return true;
    return this.#signal('KILL', [pid, `-${pid}`]);
  }

  async #signal(name: string, targets: readonly string[]): Promise<boolean> {
    const kill = await GuestProcess.start(this.agent, this.machine, ['kill', `-${name}`, '--', ...targets]);
    const end = await this.ended(PATIENCE);
    // The agent keeps what nobody asks for.
    await kill.ended(PATIENCE);
    return end !== undefined;
  }
}

async function pauseFor(milliseconds: number, over?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, over === undefined ? {} : { signal: over }).catch(() => undefined);
}

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value);

const textIn = (base64: unknown): string =>
  typeof base64 === 'string' ? Buffer.from(base64, 'base64').toString() : '';
