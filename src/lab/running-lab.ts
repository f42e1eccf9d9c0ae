import { failuresOf, NetmgrError, throwIfAny, type ErrorReport } from '../errors.js';
import type { CommonSteps } from './common-steps.js';
import { ControlLine } from './control/line.js';
import type { LabJob, Order, Report } from './control/message.js';
import type { StartedKernel } from './kernel/backend.js';
import type { LabEvent } from './lab-options.js';
import type { StartHost } from './powered-host.js';
import { PoweredHosts } from './powered-hosts.js';
import { StandardInput, writeOutput } from './standard-streams.js';

const STOP_SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
/** How long the inside may take to end a command that was told to. */
const STOP_GRACE = 5000;

/** The outside of a lab while it runs. */
export class RunningLab {
  private readonly line: ControlLine<Report, Order>;
  private readonly hosts: PoweredHosts | undefined;
  private input: StandardInput | undefined;
  private commandRuns = false;
  private exitCode: number | undefined;
  private closing: Promise<void> | undefined;
  private failures: readonly ErrorReport[] = [];
  private stoppedBy: keyof typeof STOP_SIGNALS | undefined;

  constructor(
    private readonly job: LabJob,
    private readonly kernel: StartedKernel,
    private readonly steps: CommonSteps,
    private readonly onEvent: (event: LabEvent) => void,
    starts?: ReadonlyMap<string, StartHost>,
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
    if (starts !== undefined) this.hosts = this.startHosts(starts);
  }

  async end(): Promise<number> {
    const onSignal = (signal: NodeJS.Signals): void => this.stop(signal as keyof typeof STOP_SIGNALS);
    const onResize = (): void => this.sendSize();
    for (const signal of Object.keys(STOP_SIGNALS)) process.on(signal, onSignal);
    if (this.job.terminal) process.stdout.on('resize', onResize);
    try {
      const { notStarted } = await this.kernel.process.ended;
      await this.closing;
      return this.result(notStarted);
    } finally {
      for (const signal of Object.keys(STOP_SIGNALS)) process.off(signal, onSignal);
      process.stdout.off('resize', onResize);
      this.input?.close();
      if (this.ownsTerminal) process.stdin.setRawMode(false);
      this.kernel.control.destroy();
      await this.hosts?.kill();
    }
  }

  private startHosts(starts: ReadonlyMap<string, StartHost>): PoweredHosts {
    const hosts = new PoweredHosts(starts, {
      onStep: (report) => {
        if (!this.commandRuns) this.steps.take(report);
      },
      onNotice: (text) => this.onEvent({ type: 'notice', text }),
      onAnswer: (id, answer) => this.line.send({ type: 'host-answer', id, answer }),
    });
    hosts.start().then(
      () => this.line.send({ type: 'hosts-ready' }),
      (error: unknown) => {
        // What ended the lab's own kernel, or the user, ended these too.
        if (this.failures.length > 0 || this.closing !== undefined || this.stoppedBy !== undefined) return;
        this.failures = failuresOf(error).map((failure) => failure.toJSON());
        this.kernel.kill();
      },
    );
    return hosts;
  }

  /** The hosts tell what is left to be told, and all ends. */
  private async close(): Promise<void> {
    await this.hosts?.close();
    this.kernel.kill();
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
      case 'hello':
        this.steps.take({ type: 'step', step: 'kernel', state: 'done', milliseconds: 0 });
        this.line.send({ type: 'job', job: this.job });
        break;
      case 'step':
        this.steps.take(report);
        break;
      case 'host-request':
        this.hosts?.obey(report.id, report.request);
        break;
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
        this.closing = this.close();
        break;
      // A host's kernel says these.
      case 'host-ready':
      case 'host-answer':
      case 'closed':
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
