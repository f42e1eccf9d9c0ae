import type { ErrorReport } from '../../errors.js';
import type { LabLayout } from '../layout.js';

/** The name of a kernel on which a lab runs. */
export type LabKernel = 'native' | 'uml';

/** One of the file's credentials, with the secrets of this run and where they are expected. */
export interface LabCredentials {
  readonly name: string;
  readonly user: string;
  /** The variables' common beginning: NAME of `env:NAME`. */
  readonly variable: string;
  readonly secrets: Readonly<Record<'auth' | 'priv' | 'readerAuth' | 'readerPriv', string>>;
}

/** All that the inside of a lab has to do. */
export interface LabJob {
  readonly kernel: LabKernel;
  readonly layout: LabLayout;
  readonly credentials: readonly LabCredentials[];
  /** How an agent is started, without its options; absent for a lab without agents. */
  readonly agent?: readonly [string, ...string[]];
  /** How netmgr is started. */
  readonly netmgr: readonly [string, ...string[]];
  /** Absolute paths. */
  readonly real: string;
  readonly virtual?: string;
  readonly command: readonly [string, ...string[]];
  /** The command has the terminal. */
  readonly terminal: boolean;
  /** Standard input, output and error cross the control line in frames. */
  readonly relay: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly mibDirectories: readonly string[];
}

/** To the inside. */
export type Order =
  | { readonly type: 'job'; readonly job: LabJob }
  /** The terminal is ready for the command. */
  | { readonly type: 'go' }
  | { readonly type: 'resize'; readonly rows: number; readonly columns: number }
  /** End the command and the lab. */
  | { readonly type: 'stop'; readonly signal: NodeJS.Signals };

/** A step of a lab's building, in the order of their happening. */
export type LabStep = 'kernel' | 'build' | 'agents' | 'apply';

/** From the inside. */
export type Report =
  /** The inside has started. */
  | { readonly type: 'hello' }
  | { readonly type: 'step'; readonly step: LabStep; readonly state: 'begun' }
  | {
      readonly type: 'step';
      readonly step: LabStep;
      readonly state: 'done';
      readonly milliseconds: number;
      readonly detail?: string;
    }
  | { readonly type: 'notice'; readonly text: string }
  /** The command is about to start. */
  | { readonly type: 'command' }
  /** The command has read what it got. */
  | { readonly type: 'want-stdin' }
  | { readonly type: 'failed'; readonly errors: readonly ErrorReport[] }
  | { readonly type: 'ended'; readonly exitCode: number };
