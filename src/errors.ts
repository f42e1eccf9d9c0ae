/**
 * What went wrong, in a form that decides behaviour: the kind, not the place that throws, says whether a
 * retry can help and which SNMP error-status answers it.
 */
export type ErrorKind =
  /** A file, an argument or a SET that cannot be right, whatever the state of the world. */
  | 'InvalidInput'
  /** Right by itself, but contradicts something else that was asked for or that is there. */
  | 'Conflict'
  /** No answer in time. */
  | 'Unreachable'
  /** The other side answered that it does not trust us, or the system that we may not. */
  | 'AccessDenied'
  /** The other side understood and refused. */
  | 'Rejected'
  /** A tool of the system ended with a failure. */
  | 'CommandFailed'
  /** The change was not made, or was undone; what ran before runs still. */
  | 'NotApplied'
  /** A mistake in netmgr itself. */
  | 'Bug';

/** Where in a file something stands. Lines count from 1. */
export interface FilePosition {
  readonly file: string;
  readonly line: number;
}

export interface ErrorDetails {
  readonly kind: ErrorKind;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What it is about: `host1`, `host1/vif1.0`, `site1/vmgrid101`. */
  readonly subject?: string | undefined;
  readonly at?: FilePosition | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** A failure's fields as plain data, the same for people and for `--json`. */
export interface ErrorReport {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly subject?: string;
  readonly at?: FilePosition;
  readonly hint?: string;
  readonly cause?: string;
}

/** The one error class of netmgr. */
export class NetmgrError extends Error {
  readonly kind: ErrorKind;
  readonly subject: string | undefined;
  readonly at: FilePosition | undefined;
  readonly hint: string | undefined;

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'NetmgrError';
    this.kind = details.kind;
    this.subject = details.subject;
    this.at = details.at;
    this.hint = details.hint;
  }

  /** The fields without the undefined ones; a cause is told in its own words. */
  toJSON(): ErrorReport {
    return {
      kind: this.kind,
      message: this.message,
      ...(this.subject === undefined ? {} : { subject: this.subject }),
      ...(this.at === undefined ? {} : { at: this.at }),
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.cause === undefined ? {} : { cause: messageOf(this.cause) }),
    };
  }
}

/**
 * Several failures of one operation, such as all errors of a file or the failures of several hosts. Each
 * member stands for itself.
 */
export class ApplyError extends AggregateError {
  declare readonly errors: NetmgrError[];

  constructor(errors: readonly NetmgrError[], message: string) {
    super([...errors], message);
    this.name = 'ApplyError';
  }
}

/** The words of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Every thrown thing as a list of NetmgrErrors; what is not one of ours is a bug of ours. */
export function failuresOf(thrown: unknown): NetmgrError[] {
  if (thrown instanceof NetmgrError) return [thrown];
  if (thrown instanceof AggregateError) return thrown.errors.flatMap(failuresOf);
  return [
    new NetmgrError({
      kind: 'Bug',
      message: messageOf(thrown),
      hint: 'This is a mistake in netmgr: please report it with the command that led here.',
      cause: thrown,
    }),
  ];
}

/** The failures of all promises that were rejected. */
export function rejectionsOf(results: readonly PromiseSettledResult<unknown>[]): NetmgrError[] {
  return results.flatMap((result) => (result.status === 'rejected' ? failuresOf(result.reason) : []));
}

/** Throws the errors as an {@link ApplyError}, one too: what the message says of the whole is news. Returns if there is none. */
export function throwTogether(errors: readonly NetmgrError[], message: string): void {
  if (errors.length > 0) throw new ApplyError(errors, message);
}

/** Throws one error as it is, and several as an {@link ApplyError}. Returns if there is none. */
export function throwIfAny(errors: readonly NetmgrError[], message: string): void {
  const [first] = errors;
  if (first === undefined) return;
  throw errors.length === 1 ? first : new ApplyError(errors, message);
}
