import type { LabStep, Report } from './control/message.js';

export type StepReport = Extract<Report, { type: 'step' }>;

/** A step that several kernels do, each by itself. */
export interface CommonStep {
  readonly step: LabStep;
  /** How many kernels do it. */
  readonly kernels: number;
  readonly detail: string;
}

/** Tells of steps that several kernels do at the same time as of one after the other. The first has begun. */
export class CommonSteps {
  private readonly done = new Map<LabStep, number>();
  private at = 0;
  private begun = performance.now();

  constructor(
    private readonly steps: readonly CommonStep[],
    private readonly tell: (report: StepReport) => void,
  ) {}

  /** One kernel has told this. */
  take(report: StepReport): void {
    if (!this.steps.some(({ step }) => step === report.step)) {
      this.tell(report);
      return;
    }
    if (report.state === 'begun') return;
    this.done.set(report.step, (this.done.get(report.step) ?? 0) + 1);
    this.advance();
  }

  private advance(): void {
    for (let one = this.steps[this.at]; one !== undefined; one = this.steps[this.at]) {
      const { step, kernels, detail } = one;
      if ((this.done.get(step) ?? 0) < kernels) return;
      const now = performance.now();
      this.tell({ type: 'step', step, state: 'done', milliseconds: Math.round(now - this.begun), detail });
      this.begun = now;
      this.at += 1;
      const next = this.steps[this.at];
      if (next !== undefined) this.tell({ type: 'step', step: next.step, state: 'begun' });
    }
  }
}
