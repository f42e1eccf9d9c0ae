import { once } from 'node:events';
import { messageOf, NetmgrError } from '../../../errors.js';
import {
  commandFailed,
  DEFAULT_TIMEOUT,
  expectArguments,
  type CommandOutput,
  type FailedCommand,
  type Run,
  type RunOptions,
} from '../../../process/run.js';
import type { GuestAgent, OpenGuestAgent } from './guest-agent.js';
import { GuestProcess, type GuestStatus } from './guest-process.js';

/** Seconds after which timeout(1) ends, inside, what nobody outside has ended: the agent may have been killed. */
const LEFT_ALONE = 30;
/** And how long it waits for that, before it kills. */
const KILL_AFTER = 5;

/** What timeout(1) ends with where there is no such program, and the words of coreutils and of busybox. */
const NOT_FOUND = 127;
const NOT_FOUND_WORDS = /^timeout: (failed to run command|can't execute) /;

/**
 * What runs commands inside a machine through its guest agent, as `run` runs them on the host: the same exit codes, timeouts
 * and errors. What is aborted is ended inside; it needs timeout(1) and kill(1) of coreutils and procps, or of busybox.
 */
export function guestRun(machine: string, open: OpenGuestAgent): Run {
  return async (argv, given = {}) => {
    const options = { subject: machine, ...given };
    options.onCommand?.(argv, options.input ?? '');
    expectArguments(argv, options.subject);
    const canceled = (): NetmgrError => commandFailed(argv, options, { ...NOTHING, isCanceled: true });
    if (options.signal?.aborted === true) throw canceled();
    const work = open().then((agent) =>
      runThrough(agent, machine, argv, options).finally(() => {
        agent.close();
      }),
    );
    // An agent that does not answer is not waited for, and what was started is ended when it does.
    return orAborted(work, options.signal, canceled);
  };
}

async function orAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  canceled: () => Error,
): Promise<T> {
  if (signal === undefined) return work;
  const watch = new AbortController();
  const aborted = once(signal, 'abort', { signal: watch.signal }).then(() => Promise.reject(canceled()));
  try {
    return await Promise.race([work, aborted]);
  } finally {
    aborted.catch(() => undefined);
    watch.abort();
  }
}

const NOTHING = { stdout: '', stderr: '', timedOut: false, isCanceled: false } as const;

async function runThrough(
  agent: GuestAgent,
  machine: string,
  argv: readonly [string, ...string[]],
  options: RunOptions,
): Promise<CommandOutput> {
  const timeout = options.timeout ?? DEFAULT_TIMEOUT;
  const limit = String(Math.ceil(timeout / 1000) + LEFT_ALONE);
  const guarded = ['timeout', '-k', String(KILL_AFTER), limit, ...argv] as const;
  const process = await GuestProcess.start(agent, machine, guarded, options).catch((error: unknown) => {
    throw withoutTimeout(machine, error);
  });
  const status = await process.ended(timeout, options.signal);
  if (status === undefined) {
    const isCanceled = options.signal?.aborted === true;
    const hasEnded = await process.end();
    throw commandFailed(argv, options, {
      ...NOTHING,
      ...{ timedOut: !isCanceled, isCanceled },
      ...(hasEnded ? {} : { cause: new Error(`it goes on inside, as process ${String(process.pid)}`) }),
    });
  }
  const { stdout, stderr, exitCode } = status;
  const failure = failureIn(status, argv[0]);
  if (failure === undefined && exitCode !== undefined && (options.accept ?? [0]).includes(exitCode)) {
    return { stdout, stderr, exitCode };
  }
  throw commandFailed(argv, options, {
    ...{ ...NOTHING, stdout, stderr, ...failure },
    ...(exitCode === undefined ? {} : { exitCode }),
  });
}

/** What is wrong whatever the exit code. */
function failureIn(status: GuestStatus, program: string): Partial<FailedCommand> | undefined {
  const { exitCode, signal, stderr, truncated } = status;
  if (truncated)
    return {
      stdout: '',
      stderr: '',
      cause: new Error(`${program} has said more than the guest agent keeps`),
    };
  if (exitCode === NOT_FOUND && NOT_FOUND_WORDS.test(stderr)) {
    return { cause: Object.assign(new Error(stderr.trim()), { code: 'ENOENT' }) };
  }
  return signal === undefined
    ? undefined
    : { cause: new Error(`${program} was ended by signal ${String(signal)}`) };
}

/** Everything that runs there needs it. */
function withoutTimeout(machine: string, error: unknown): unknown {
  if (!/Failed to execute child process .*timeout/.test(messageOf(error))) return error;
  return new NetmgrError({
    kind: 'CommandFailed',
    message: 'timeout is not installed',
    subject: machine,
    hint: 'Install coreutils in the machine.',
    cause: error,
  });
}
