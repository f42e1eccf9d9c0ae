import type { ErrorReport } from '../../src/errors.js';
import type { ApplyStep } from '../../src/manager/apply/apply-listener.js';
import type { Flow } from '../../src/lab/prober/measure-throughput.js';
import type { ProbeOutcome, ExpectedProbe } from '../../src/lab/prober/probe-pairs.js';

/** What a test wants done inside its lab. One per line, as JSON. */
export type Order =
  | {
      readonly type: 'run';
      readonly argv: readonly [string, ...string[]];
      readonly input?: string;
      readonly env?: Readonly<Record<string, string>>;
    }
  | { readonly type: 'read'; readonly path: string }
  | { readonly type: 'write'; readonly path: string; readonly text: string; readonly mode?: number }
  | {
      readonly type: 'manage';
      readonly verb: 'apply' | 'destroy' | 'plan';
      readonly real: string;
      readonly virtual?: string;
      readonly expectsChange?: boolean;
      /** The user interrupts it when it comes to this step. */
      readonly interruptAt?: ApplyStep;
    }
  | {
      readonly type: 'probe';
      readonly machines: readonly string[];
      readonly probes: readonly ExpectedProbe[];
      readonly patience: number;
    }
  | { readonly type: 'throughput'; readonly flow: Flow; readonly seconds: number };

/** How a command ended. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the library answered, and the SNMP requests that it sent. */
export interface Managed {
  readonly requests: readonly { readonly host: string; readonly request: string }[];
  readonly errors: readonly ErrorReport[];
  /** Rows to change, or changed, by host. */
  readonly rows: Readonly<Record<string, number>>;
}

/** The answer to each order. */
export interface Answers {
  readonly run: Ran;
  readonly read: string;
  readonly write: null;
  readonly manage: Managed;
  readonly probe: readonly ProbeOutcome[];
  /** Bits per second. */
  readonly throughput: number;
}
