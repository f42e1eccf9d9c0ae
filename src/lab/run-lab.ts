import { NetmgrError, throwIfAny, type ErrorReport } from '../errors.js';
import { ControlLine } from './control/line.js';
import type { LabJob, Order, Report } from './control/message.js';
import { chooseKernel } from './kernel/choose-kernel.js';
import type { StartedKernel } from './kernel/backend.js';
import { startNative } from './kernel/native.js';
import { needsOf } from './kernel/needs.js';
import { startUml } from './kernel/uml.js';
import type { LabEvent, LabOptions } from './lab-options.js';
import { INSIDE_MAIN, makeJob } from './make-job.js';
import { StandardInput, writeOutput } from './standard-streams.js';

const STOP_SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
/** How long the inside may take to end a command that was told to. */
const STOP_GRACE = 5000;

/**
 * Builds a lab, runs the command in it, removes the lab, and answers with the command's exit code.
 *
 * @throws NetmgrError or ApplyError where the lab could not be built or its kernel ended before the command.
 */
export async function runLab(options: LabOptions): Promise<number> {
  const kernel = await chooseKernel(options.kernel, needsOf(options.virtual));
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const job = makeJob(options, kernel, terminal);
  for (const text of job.layout.notes) options.onEvent?.({ type: 'notice', text });
  options.onEvent?.({ type: 'kernel', kernel });
  const program = { node: process.execPath, main: INSIDE_MAIN, terminal };
  const started = kernel === 'native' ? startNative(program) : startUml(program, options.memory);
  return new RunningLab(job, started, options.onEvent ?? (() => undefined)).end();
}

/** The outside of a lab while it runs. */
class RunningLab {
  private readonly line: ControlLine<Report, Order>;
  private readonly begun = performance.now();
  private input: StandardInput | undefined;
  private commandRuns = false;
  private exitCode: number | undefined;
  private failures: readonly ErrorReport[] = [];
  private stoppedBy: keyof typeof STOP_SIGNALS | undefined;

  constructor(
    private readonly job: LabJob,
    private readonly kernel: StartedKernel,
    private readonly onEvent: (event: LabEvent) => void,
  ) {
    this.line = new ControlLine<Report, Order>(
      kernel.control,
      kernel.control,
      {
        onMessage: (report) => this.receive(report),
        onBytes: (type, bytes) => writeOutput(type === 'stderr' ? process.stderr : process.stdout, bytes),
        // Its end follows, and that is waited for.
        onClose: () => undefined,
      },
      kernel.window === undefined ? {} : { window: kernel.window },
    );
  }

  async end(): Promise<number> {
    const onSignal = (signal: NodeJS.Signals): void => this.stop(signal as keyof typeof STOP_SIGNALS);
    const onResize = (): void => this.sendSize();
    for (const signal of Object.keys(STOP_SIGNALS)) process.on(signal, onSignal);
    if (this.job.terminal) process.stdout.on('resize', onResize);
    try {
      const { notStarted } = await this.kernel.process.ended;
      return this.result(notStarted);
    } finally {
      for (const signal of Object.keys(STOP_SIGNALS)) process.off(signal, onSignal);
      process.stdout.off('resize', onResize);
      this.input?.close();
      if (this.ownsTerminal) process.stdin.setRawMode(false);
      this.kernel.control.destroy();
    }
  }

  private result(notStarted: string | undefined): number {
    if (this.stoppedBy !== undefined) return 128 + STOP_SIGNALS[this.stoppedBy];
    throwIfAny(
      this.failures.map((failure) => new NetmgrError(failure)),
      'the lab could not be built',
    );
    if (this.exitCode !== undefined) return this.exitCode;
    const words = this.kernel.words().trim();
    throw new NetmgrError({
      kind: 'CommandFailed',
      message: `the lab ended by itself: ${notStarted ?? (words || 'its first process is gone')}`,
    });
  }

  private receive(report: Report): void {
    switch (report.type) {
      case 'hello': {
        const milliseconds = Math.round(performance.now() - this.begun);
        this.onEvent({ type: 'step', step: 'kernel', state: 'done', milliseconds, detail: this.job.kernel });
        this.line.send({ type: 'job', job: this.job });
        break;
      }
      case 'step':
      case 'notice':
        this.onEvent(report);
        break;
      case 'command':
        this.onEvent(report);
        this.commandRuns = true;
        // What is typed is the command's from here on, Ctrl-C too.
        if (this.ownsTerminal) process.stdin.setRawMode(true);
        if (this.ownsTerminal) this.sendSize();
        this.line.send({ type: 'go' });
        break;
      case 'want-stdin':
        this.input ??= new StandardInput(process.stdin, (bytes) => void this.line.sendBytes('stdin', bytes));
        this.input.next();
        break;
      case 'failed':
        this.failures = report.errors;
        break;
      case 'ended':
        this.exitCode = report.exitCode;
        this.kernel.kill();
        break;
    }
  }

  /** A terminal in front of a kernel of its own: its characters have to reach the command as they are. */
  private get ownsTerminal(): boolean {
    return this.job.terminal && this.job.kernel === 'uml';
  }

  private sendSize(): void {
    if (!this.commandRuns || !this.ownsTerminal) return;
    const { rows, columns } = process.stdout;
    this.line.send({ type: 'resize', rows, columns });
  }

  private stop(signal: keyof typeof STOP_SIGNALS): void {
    // The terminal has sent it to the command as well, which decides what it means.
    if (signal === 'SIGINT' && this.commandRuns && this.job.terminal) return;
    if (this.stoppedBy !== undefined || !this.commandRuns) {
      this.stoppedBy ??= signal;
      this.kernel.kill();
      return;
    }
    this.stoppedBy = signal;
    this.line.send({ type: 'stop', signal });
    setTimeout(() => this.kernel.kill(), STOP_GRACE).unref();
  }
}
