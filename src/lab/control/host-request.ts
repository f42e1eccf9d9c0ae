import { NetmgrError, type ErrorReport } from '../../errors.js';

/** What is asked of a host with a kernel of its own. `taken` and `cancel` belong to an `exec` of the same number. */
export type HostRequest =
  | { readonly type: 'power-off' | 'power-on'; readonly host: string }
  | {
      readonly type: 'exec';
      readonly host: string;
      /** In whose namespace. Default: the host's own. */
      readonly machine?: string;
      readonly command: readonly [string, ...string[]];
    }
  /** An `output` has been written: the next one may come. */
  | { readonly type: 'taken' }
  /** Nobody waits for the command any more. */
  | { readonly type: 'cancel' };

/** Answers to a request: any number of `output`, and one of the others at last. */
export type HostAnswer =
  | { readonly type: 'output'; readonly stream: 'stdout' | 'stderr'; readonly base64: string }
  | { readonly type: 'ended'; readonly exitCode: number }
  | { readonly type: 'failed'; readonly errors: readonly ErrorReport[] };

/** Reads a request from a line that any program in the lab may have written. @throws NetmgrError `InvalidInput` */
export function readHostRequest(line: string): HostRequest {
  const value = parsed(line);
  const { type, host, machine, command } = value;
  if (type === 'taken' || type === 'cancel') return { type };
  if ((type === 'power-off' || type === 'power-on') && typeof host === 'string') return { type, host };
  if (type === 'exec' && typeof host === 'string' && isCommand(command)) {
    if (machine === undefined) return { type, host, command };
    if (typeof machine === 'string') return { type, host, machine, command };
  }
  throw new NetmgrError({ kind: 'InvalidInput', message: `no request to a host: ${line.slice(0, 200)}` });
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isCommand(value: unknown): value is [string, ...string[]] {
  return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string');
}
