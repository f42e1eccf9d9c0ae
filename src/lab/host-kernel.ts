import { ApplyError, NetmgrError, type ErrorReport } from '../errors.js';
import type { HostAnswer, HostRequest } from './control/host-request.js';
import { ControlLine } from './control/line.js';
import type { LabJob, Order, Report } from './control/message.js';
import type { InsideProgram, StartedKernel } from './kernel/backend.js';
import { startUml, type UmlMachine } from './kernel/uml.js';
import type { StepReport } from './common-steps.js';

/** How long the inside may take to tell what is left to be told. */
const CLOSE_GRACE = 10_000;

/** Who hears of what happens in a host's kernel. */
export interface HostKernelListener {
  readonly onStep: (report: StepReport) => void;
  readonly onNotice: (text: string) => void;
  readonly onAnswer: (id: number, answer: HostAnswer) => void;
}

/** The kernel of a host, from its start to its end. */
export class HostKernel {
  /** Fulfils when the host's agent answers; rejects with NetmgrErrors where it never will. */
  readonly ready: Promise<void>;
  /** Fulfils when it has ended. */
  readonly gone: Promise<void>;
  private readonly kernel: StartedKernel;
  private readonly line: ControlLine<Report, Order>;
  private settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
  private closed: (() => void) | undefined;

  /** @throws NetmgrError where no kernel can be started with this. */
  constructor(
    private readonly name: string,
    private readonly job: LabJob,
    program: InsideProgram,
    machine: UmlMachine,
    private readonly listener: HostKernelListener,
  ) {
    this.kernel = startUml(program, machine);
    this.line = new ControlLine<Report, Order>(
      this.kernel.control,
      this.kernel.control,
      { onMessage: (report) => this.receive(report), onBytes: () => undefined, onClose: () => undefined },
      this.kernel.window === undefined ? {} : { window: this.kernel.window },
    );
    this.ready = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    // Whoever does not wait for it learns it from the end.
    this.ready.catch(() => undefined);
    this.gone = this.waitForEnd();
  }

  ask(id: number, request: HostRequest): void {
    this.line.send({ type: 'host-request', id, request });
  }

  /** Ends it and all that runs in it, at once: nothing is written any more. */
  kill(): void {
    this.kernel.kill();
  }

  /** Has it tell what is to be told at the end, and ends it. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => (this.closed = resolve));
    const timer = setTimeout(() => this.kill(), CLOSE_GRACE);
    this.line.send({ type: 'close' });
    await Promise.race([closed, this.gone]);
    clearTimeout(timer);
    this.kill();
    await this.gone;
  }

  private receive(report: Report): void {
    switch (report.type) {
      case 'hello':
        this.listener.onStep({ type: 'step', step: 'kernel', state: 'done', milliseconds: 0 });
        this.line.send({ type: 'job', job: this.job });
        break;
      case 'step':
        this.listener.onStep(report);
        break;
      case 'notice':
        this.listener.onNotice(report.text);
        break;
      case 'host-ready':
        this.settle?.resolve();
        break;
      case 'host-answer':
        this.listener.onAnswer(report.id, report.answer);
        break;
      case 'closed':
        this.closed?.();
        break;
      case 'failed':
        this.settle?.reject(errorOf(report.errors));
        break;
      case 'ended':
        this.kill();
        break;
      // The lab's own kernel says these.
      case 'command':
      case 'want-stdin':
      case 'host-request':
        break;
    }
  }

  private async waitForEnd(): Promise<void> {
    const { notStarted } = await this.kernel.process.ended;
    this.kernel.control.destroy();
    const words = notStarted ?? this.kernel.words().trim();
    this.settle?.reject(
      new NetmgrError({
        kind: 'CommandFailed',
        message: `its kernel has ended${words === '' ? '' : `: ${words}`}`,
        subject: this.name,
      }),
    );
  }
}

function errorOf(reports: readonly ErrorReport[]): Error {
  const errors = reports.map((report) => new NetmgrError(report));
  const [first] = errors;
  return errors.length === 1 && first !== undefined
    ? first
    : new ApplyError(errors, 'the host could not be built');
}
