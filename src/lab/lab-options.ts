import type { RealEnvironment } from '../manager/model/real-environment.js';
import type { VirtualEnvironment } from '../manager/model/virtual-environment.js';
import type { LabKernel, Report } from './control/message.js';

/** What a lab is made of and what runs in it. */
export interface LabOptions {
  readonly kernel: LabKernel | 'auto';
  readonly real: RealEnvironment;
  /** The real environment's file. */
  readonly realPath: string;
  readonly virtual?: VirtualEnvironment;
  readonly virtualPath?: string;
  readonly command: readonly [string, ...string[]];
  /** Without agents there is nothing that could apply a virtual file. */
  readonly agents: boolean;
  /** Of a User-Mode Linux kernel, as it wants it: `2G`. */
  readonly memory: string;
  /** Each host has a User-Mode Linux kernel of its own, which can be switched off; `kernel` is `uml` then. */
  readonly kernelPerHost?: HostKernelOptions;
  /** How an agent is started, without its options. Default: netmgr's own. */
  readonly agentCommand?: readonly [string, ...string[]];
  /** Told what happens, in the order of its happening. */
  readonly onEvent?: (event: LabEvent) => void;
}

export interface HostKernelOptions {
  /** Of each host's kernel. */
  readonly memory: string;
}

export type LabEvent =
  | { readonly type: 'kernel'; readonly kernel: LabKernel }
  | Extract<Report, { type: 'step' | 'notice' | 'command' }>;
