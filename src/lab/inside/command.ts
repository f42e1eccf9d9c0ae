import { closeSync, constants, openSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { run } from '../../process/run.js';
import { startAttached, type AttachedProcess, type ProcessEnd } from '../../process/start-attached.js';
import type { LabJob } from '../control/message.js';

/** The first console of a User-Mode Linux kernel: the terminal that the user sits at. */
export const CONSOLE = '/dev/tty0';
const GRACE = 3000;
// What a descendant that outlives the command may still write is waited for as long as it keeps writing.
const QUIET = 300;

/** What a command's standard streams are joined with where they cross the control line. */
export interface CommandRelay {
  readonly wantInput: () => void;
  /** Fulfils when more can be taken. */
  readonly output: (type: 'stdout' | 'stderr', bytes: Buffer) => Promise<void>;
}

/** The command of a lab while it runs. */
export class Command {
  private killer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly process: AttachedProcess,
    private readonly relay: CommandRelay,
  ) {}

  /** Starts the job's command with the lab's variables beside the caller's. */
  static start(job: LabJob, env: Readonly<Record<string, string>>, relay: CommandRelay): Command {
    if (job.relay) {
      const options = { env, cwd: job.cwd, stdio: ['pipe', 'pipe', 'pipe'] as const, detached: true };
      const command = new Command(startAttached(job.command, options), relay);
      // A command may end without having read all.
      command.process.streams[0]?.on('error', () => undefined);
      relay.wantInput();
      return command;
    }
    if (job.kernel === 'native') {
      const options = { env, cwd: job.cwd, stdio: ['inherit', 'inherit', 'inherit'] as const };
      return new Command(startAttached(job.command, { ...options, detached: !job.terminal }), relay);
    }
    const terminal = openSync(CONSOLE, constants.O_RDWR | constants.O_NOCTTY);
    try {
      const options = { env, cwd: job.cwd, stdio: [terminal, terminal, terminal] };
      return new Command(startAttached(['setsid', '--ctty', '--wait', ...job.command], options), relay);
    } finally {
      closeSync(terminal);
    }
  }

  /** Fulfils with the command's exit code, as a shell tells it, when its output has crossed the line too. */
  async end(): Promise<{ readonly exitCode: number; readonly notStarted?: string }> {
    const [, stdout, stderr] = this.process.streams;
    let last = Date.now();
    const forward = async (type: 'stdout' | 'stderr', stream: Duplex | null | undefined): Promise<void> => {
      if (stream === null || stream === undefined) return;
      for await (const bytes of stream) {
        last = Infinity;
        await this.relay.output(type, bytes as Buffer);
        last = Date.now();
      }
    };
    const forwarded = Promise.all([forward('stdout', stdout), forward('stderr', stderr)]);
    const end = await this.process.ended;
    clearTimeout(this.killer);
    last = Math.max(last, Date.now());
    await Promise.race([forwarded, quiet(() => last)]);
    return resultOf(end);
  }

  /** Takes bytes for the command's standard input; none means its end. */
  input(bytes: Buffer): void {
    const [stdin] = this.process.streams;
    if (stdin === undefined || stdin === null || stdin.destroyed) return;
    if (bytes.length === 0) stdin.end();
    else stdin.write(bytes, (error) => (error ? undefined : this.relay.wantInput()));
  }

  /** Sends the signal, and kills what is left after a while. */
  stop(signal: NodeJS.Signals): void {
    this.process.kill(signal);
    this.killer ??= setTimeout(() => this.process.kill('SIGKILL'), GRACE);
  }
}

function quiet(last: () => number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (Date.now() - last() < QUIET) return;
      clearInterval(timer);
      resolve();
    }, QUIET);
    timer.unref();
  });
}

const SIGNAL_NUMBERS: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
};

function resultOf({ exitCode, signal, notStarted }: ProcessEnd): { exitCode: number; notStarted?: string } {
  if (exitCode !== undefined) return { exitCode };
  if (signal !== undefined) return { exitCode: 128 + (SIGNAL_NUMBERS[signal] ?? 0) };
  const reason = notStarted ?? 'it could not be started';
  return { exitCode: reason.includes('ENOENT') ? 127 : 126, notStarted: reason };
}

/** Gives the console the size of the user's terminal; the kernel tells the command. */
export async function resizeConsole(rows: number, columns: number): Promise<void> {
  await run(['stty', '-F', CONSOLE, 'rows', String(rows), 'cols', String(columns)]);
}
