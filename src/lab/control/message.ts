import type { ErrorReport } from '../../errors.js';
import type { LabHost, LabLayout } from '../layout.js';
import type { HostAnswer, HostRequest } from './host-request.js';

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
  /** The kernel has the whole lab; or its switches and its command; or one host. */
  readonly part: 'all' | 'switches' | 'host';
  /** The hosts whose agents run here. */
  readonly ownHosts: readonly LabHost[];
  /** What the agents keep lies on a disk, which is blank at the first start. */
  readonly disk?: 'blank' | 'used';
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
  /** The agents of all hosts answer, where they run in other kernels. */
  | { readonly type: 'hosts-ready' }
  /** To a host's kernel. */
  | { readonly type: 'host-request'; readonly id: number; readonly request: HostRequest }
  /** To the lab's own kernel. */
  | { readonly type: 'host-answer'; readonly id: number; readonly answer: HostAnswer }
  /** To a host's kernel: tell what is to be told at the end. */
  | { readonly type: 'close' }
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
  /** A host's kernel: its agent answers. */
  | { readonly type: 'host-ready' }
  /** From the lab's own kernel. */
  | { readonly type: 'host-request'; readonly id: number; readonly request: HostRequest }
  /** From a host's kernel. */
  | { readonly type: 'host-answer'; readonly id: number; readonly answer: HostAnswer }
  /** A host's kernel has told all. */
  | { readonly type: 'closed' }
  /** The command is about to start. */
  | { readonly type: 'command' }
  /** The command has read what it got. */
  | { readonly type: 'want-stdin' }
  | { readonly type: 'failed'; readonly errors: readonly ErrorReport[] }
  | { readonly type: 'ended'; readonly exitCode: number };
