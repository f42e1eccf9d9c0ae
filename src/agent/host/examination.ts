import type { Configuration } from '../../mib/configuration.js';
import type { Binding } from './binding.js';
import type { HostReading, HostState } from './host-state.js';
import type { Look } from './undisturbed.js';

/** A host, and what is wanted of it. */
export interface HostDifference {
  readonly reading: HostReading;
  readonly desired: HostState;
}

/** A host, and what a configuration wants of it. */
export interface Examination extends HostDifference {
  /** What was examined, with interfaces in place of vifs. */
  readonly configuration: Configuration;
  readonly binding: Binding;
  /** Whether machines have come, gone or moved since the host was brought to a configuration. */
  readonly isMoved: boolean;
  /** The vifs that are another interface than then. */
  readonly moved: readonly string[];
  /** When it began; interfaces that were known to be as they should be then are not in it. */
  readonly look: Look;
}
