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

export type ApplyListener = (hostName: string, step: ApplyStep) => void;

/** The steps of one host. */
export type HostListener = (step: ApplyStep) => void;
