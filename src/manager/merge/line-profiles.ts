import { valueOf } from '../../value-of.js';
import type { Parameters } from '../model/parameters.js';
import { rateOf } from './parameters.js';
import type { Profiles } from './profiles.js';

/** The profiles of nodes' own lines. There are many nodes and few different lines, so each is looked at once. */
export class LineProfiles {
  readonly #sent = new Map<Parameters, number>();
  readonly #received = new Map<Parameters, Map<Parameters, number>>();

  constructor(private readonly profiles: Profiles) {}

  /** The index of the profile of all that a node sends. */
  ofSent(line: Parameters): number {
    return valueOf(this.#sent, line, () => this.profiles.indexOf(rateOf(line)));
  }

  /**
   * The index of the profile of what a node receives.
   *
   * @param usual what happens to what no link is about
   */
  ofReceived(line: Parameters, usual: Parameters): number {
    const ofLine = valueOf(this.#received, line, () => new Map<Parameters, number>());
    return valueOf(ofLine, usual, () => this.profiles.indexOf({ ...usual, ...rateOf(line) }));
  }
}
