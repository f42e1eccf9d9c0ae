import type { Checkpoint } from '../../process/durable-files.js';
import type { Run } from '../../process/run.js';
import type { Probe } from '../kernel/probe/probe.js';
import type { Link } from '../kernel/ip/links.js';
import type { Originals } from './originals.js';
import type { Progress } from './progress.js';

/** The machines of a host by the names that a configuration has for them; others by those of their driver. */
export interface Machines {
  /** Those behind the interfaces of the host. */
  find(links: Iterable<Link>): Promise<readonly string[]>;
  /** What runs commands inside a machine; they fail with `CommandFailed` if it cannot be reached. */
  inside(vmName: string): Run;
}

/** By what a host is read and changed. */
export interface HostParts {
  readonly run: Run;
  readonly machines: Machines;
  readonly probe: Pick<Probe, 'capabilities' | 'iptables' | 'ip6tables'>;
  /** How the host was before netmgr. */
  readonly originals: Originals;
  /** Heard before each step that no command takes. */
  readonly checkpoint?: Checkpoint;
  /** Told how far a change of the host is. */
  readonly progress?: Progress;
}

/**
 * Does a piece of work that others do not need: the default lets its failure end the whole, others may note it and
 * go on with what `otherwise` gives.
 */
export type Attempt = <T>(what: string, work: () => Promise<T>, otherwise: () => T) => Promise<T>;

export const ALL_OR_NOTHING: Attempt = (_what, work) => work();
