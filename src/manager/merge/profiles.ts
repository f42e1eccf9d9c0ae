import type { ProfileRow } from '../../mib/profile-table.js';
import { BitRate } from '../../units/bit-rate.js';
import { Duration } from '../../units/duration.js';
import { IndexAllocator } from './index-allocator.js';

/** What a profile is made of. */
export interface ProfileContent {
  readonly bandwidth?: BitRate | undefined;
  readonly latency?: Duration | undefined;
}

const BITS_PER_KILOBIT = 1000;

/** The profiles of an environment: one for each content, named and numbered after it. */
export class Profiles {
  readonly #allocator = new IndexAllocator();
  readonly #rows = new Map<number, ProfileRow>();

  /** The index of the profile with that content; 0 if nothing is emulated. */
  indexOf({ bandwidth, latency }: ProfileContent): number {
    const delays = latency !== undefined && latency.microseconds > 0;
    if (bandwidth === undefined && !delays) return 0;
    const name = [bandwidth?.toString(), delays ? latency.toString() : undefined].filter(Boolean).join(' ');
    const index = this.#allocator.indexOf(name);
    if (!this.#rows.has(index)) {
      this.#rows.set(index, {
        index,
        name,
        bandwidth: (bandwidth?.bitsPerSecond ?? 0) / BITS_PER_KILOBIT,
        burst: 0,
        queue: 0,
        latency: latency?.microseconds ?? 0,
        jitter: 0,
        latencyCorrelation: 0,
        distribution: 'uniform',
        loss: 0,
        lossCorrelation: 0,
        duplicate: 0,
        reorder: 0,
        reorderGap: 0,
        corrupt: 0,
        limit: 0,
      });
    }
    return index;
  }

  /** The row of an index that {@link indexOf} gave. */
  row(index: number): ProfileRow | undefined {
    return this.#rows.get(index);
  }
}
