import { Readable } from 'node:stream';
import { execa, type ResultPromise } from 'execa';
import { messageOf, NetmgrError } from '../errors.js';
import { withProgramPaths } from './program-path.js';
import { slices } from './slices.js';

/** Counts what runs, so that "one process per tool and commit" can be checked where it matters. */
export type CommandListener = (argv: readonly string[], input: string) => void;

export interface RunOptions {
  /** Given to the command's standard input. */
  readonly input?: string;
  /** Milliseconds after which the command is ended. Default: 60,000. */
  readonly timeout?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are no failure. Default: 0 alone. */
  readonly accept?: readonly number[];
  /** What the command is about, for the error. */
  readonly subject?: string;
  readonly onCommand?: CommandListener | undefined;
  /** Hears, again and again, which share of all its input a command has taken since. */
  readonly onInput?: ((share: number) => void) | undefined;
  /** The program that does the work, for the error. Default: the first word, which may only lead to it. */
  readonly program?: string;
  /** Ends the command, which then fails. */
  readonly signal?: AbortSignal;
}

export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs a command with an argument vector. */
export type Run = (argv: readonly [string, ...string[]], options?: RunOptions) => Promise<CommandOutput>;

// 10,000 vifs of `tc -s -j` are about 30 MB; execa ends a command that prints more than this.
const MAX_OUTPUT = 512 * 1024 * 1024;
/** Milliseconds. */
export const DEFAULT_TIMEOUT = 60_000;

/**
 * Runs one command to its end. There is never a shell: each element of `argv` reaches the program as it is.
 *
 * @throws NetmgrError `CommandFailed` with the tool's own words as the message.
 */
export const run: Run = async (argv, options = {}) => {
  const [file] = argv;
  options.onCommand?.(argv, options.input ?? '');
  expectArguments(argv, options.subject);
  const [program, ...args] = withProgramPaths(argv, options.env?.['PATH']);
  const result = await execa(program, args, {
    reject: false,
    // Some programs are several, by the name that they are called by.
    argv0: file,
    input: inputOf(options),
    timeout: options.timeout ?? DEFAULT_TIMEOUT,
    maxBuffer: MAX_OUTPUT,
    stripFinalNewline: false,
    env: { LC_ALL: 'C', ...options.env },
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  const { stdout, stderr, exitCode } = result;
  // A program may catch the signal that ends it, and end with a code as if nothing were wrong.
  const isWhole = !result.timedOut && !result.isCanceled;
  if (isWhole && exitCode !== undefined && (options.accept ?? [0]).includes(exitCode)) {
    return { stdout, stderr, exitCode };
  }
  throw commandFailed(argv, options, result);
};

function inputOf({ input = '', onInput }: RunOptions): string | Readable {
  return onInput === undefined ? input : Readable.from(slices(input, onInput));
}

/** @throws NetmgrError `InvalidInput` for arguments that no program can be given (execve(2)) */
export function expectArguments(argv: readonly [string, ...string[]], subject?: string): void {
  if (!argv.some((argument) => argument.includes('\0'))) return;
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: `an argument of ${argv[0]} holds a NUL character`,
    subject,
  });
}

/** How a command ended that did not end well. */
export interface FailedCommand {
  readonly stderr: string;
  readonly stdout: string;
  readonly exitCode?: number;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  /** Why it could not be started, or what else came in between; with the code ENOENT, there is no such program. */
  readonly cause?: unknown;
}

/** The error of a command, wherever it ran. */
export function commandFailed(
  argv: readonly [string, ...string[]],
  options: RunOptions,
  result: FailedCommand,
): NetmgrError {
  const [file] = argv;
  const program = options.program ?? file;
  const missing = (result.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
  const words = result.stderr.trim() || result.stdout.trim();
  const message = missing
    ? `${file} is not installed`
    : result.isCanceled
      ? `${program} was ended`
      : result.timedOut
        ? `${program} did not end within ${String((options.timeout ?? DEFAULT_TIMEOUT) / 1000)} s`
        : words ||
          (result.cause === undefined
            ? `${program} ended with exit code ${String(result.exitCode)}`
            : messageOf(result.cause));
  return new NetmgrError({
    kind: 'CommandFailed',
    message,
    subject: options.subject,
    hint: missing ? `Install the package that holds ${file}.` : undefined,
    cause: new Error(`${argv.join(' ')}: exit code ${String(result.exitCode)}`),
  });
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Where the command's standard input, output and error go. */
  readonly stdin?: 'ignore' | 'inherit' | 'pipe';
  readonly stdout?: 'ignore' | 'inherit' | 'pipe';
  readonly stderr?: 'ignore' | 'inherit' | 'pipe';
}

/** A command that runs beside us. Its promise fulfils when it has ended, whatever the exit code. */
export type RunningProcess = ResultPromise<{ reject: false; buffer: false }>;

/** Starts a command without waiting for its end; the caller ends it. */
export function start(argv: readonly [string, ...string[]], options: StartOptions = {}): RunningProcess {
  const [file, ...args] = argv;
  return execa(file, args, {
    reject: false,
    buffer: false,
    stdin: options.stdin ?? 'ignore',
    stdout: options.stdout ?? 'ignore',
    stderr: options.stderr ?? 'ignore',
    ...(options.env === undefined ? {} : { env: options.env }),
  }) as RunningProcess;
}
