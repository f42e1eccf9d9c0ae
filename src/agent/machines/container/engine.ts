import type { Run } from '../../../process/run.js';

/** A container as its engine tells of it. */
export interface EngineContainer {
  readonly name: string;
  /** What else the engine knows it by. */
  readonly ids: readonly string[];
  /** Of its first process, as the host sees it. */
  readonly pid: number;
  readonly isPaused: boolean;
  /** How it was told to be connected, such as `bridge`, `host`, `none` or `container:` and an ID; empty if that is not known. */
  readonly network: string;
  /** Octets; 0 is no limit. */
  readonly memory: number;
  /** Processors, perhaps a part of one; 0 is no limit. */
  readonly processors: number;
  /** Whether its engine starts it again when the host has been booted; undefined if that is not known. */
  readonly isRestarted?: boolean;
  /** Whether it is gone when it ends; undefined if that is not known. */
  readonly isTransient?: boolean;
}

/** What runs containers on a host. */
export interface Engine {
  /** As it calls itself. */
  readonly name: string;
  /** Whether it is on this host, as far as can be told without a process. */
  isThere(): boolean;
  /** The containers that run, paused ones too. @throws NetmgrError `CommandFailed` */
  list(run: Run): Promise<readonly EngineContainer[]>;
  /** Empty if it does not say. @throws NetmgrError `CommandFailed` */
  version(run: Run): Promise<string>;
  /** The command that goes on telling of containers, and whether a line of it is about one that came, went or changed. */
  readonly events?: {
    readonly argv: readonly [string, ...string[]];
    readonly isNews: (line: string) => boolean;
  };
}
