import type { Link } from './link.js';
import { Rule } from './rule.js';
import { Site } from './site.js';
import { Contains } from './decorators.js';

/** What is wanted: the virtual-environment file. */
export class VirtualEnvironment {
  readonly name!: string;
  @Contains(() => Site)
  readonly sites!: readonly Site[];
  readonly links!: readonly Link[];
  /** In the order of the file: the first that matches decides. */
  @Contains(() => Rule)
  readonly rules!: readonly Rule[];
}
