/** What an apply is doing on a host. */
export type ApplyStep =
  | 'read'
  | `wait for ${string}`
  /** Finishing what an interrupted apply had decided. */
  | 'complete'
  /** Making the kernel again what runs already, where it differs. */
  | 'repair'
  | 'write'
  | 'validate'
  | 'commit'
  | 'confirm'
  | 'roll back'
  | 'done'
  | 'unchanged';

/** How far a step is that takes long. It is told of again and again, with the same step. */
export interface StepProgress {
  readonly done: number;
  readonly all: number;
  /** Rows that an agent has been sent, or percent of what it has to do. */
  readonly unit: 'rows' | '%';
}

export type ApplyListener = (hostName: string, step: ApplyStep, progress?: StepProgress) => void;

/** The steps of one host. */
export type HostListener = (step: ApplyStep, progress?: StepProgress) => void;
