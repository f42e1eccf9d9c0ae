import { profileTable, type ProfileRow } from '../../mib/profile-table.js';
import { defaultsOf } from '../../mib/table.js';
import { IndexAllocator } from './index-allocator.js';
import type { Parameters } from './parameters.js';

const BITS_PER_KILOBIT = 1000;
/** The length of netemuProfileName. */
const LONGEST_NAME = 64;
/** What a profile has by itself. */
const DEFAULTS = defaultsOf(profileTable) as Omit<ProfileRow, 'index'>;

/** The profiles of an environment: one for each content, named and numbered after it. */
export class Profiles {
  readonly #allocator = new IndexAllocator();
  readonly #rows = new Map<number, ProfileRow>();

  /** The index of the profile with these parameters; 0 if nothing is emulated. */
  indexOf(parameters: Parameters): number {
    const cells = cellsOf(parameters);
    const given = Object.entries(cells).filter(
      ([name, value]) => value !== DEFAULTS[name as keyof typeof DEFAULTS],
    );
    if (given.length === 0) return 0;
    const name = nameOf(parameters);
    const key = name.length <= LONGEST_NAME ? name : JSON.stringify(given);
    const index = this.#allocator.indexOf(key);
    if (!this.#rows.has(index)) {
      const short = name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 3)}...`;
      this.#rows.set(index, { ...DEFAULTS, ...cells, index, name: short });
    }
    return index;
  }

  /** The row of an index that {@link indexOf} gave. */
  row(index: number): ProfileRow | undefined {
    return this.#rows.get(index);
  }
}

/** The columns of what is said; what has no effect by itself is left out. */
function cellsOf(parameters: Parameters): Partial<ProfileRow> {
  const { bandwidth, burst, queue, framing, latency, jitter, loss, gemodelP, reorder } = parameters;
  return {
    ...(bandwidth === undefined
      ? {}
      : {
          bandwidth: bandwidth.bitsPerSecond / BITS_PER_KILOBIT,
          burst: burst?.bytes ?? 0,
          queue: queue?.time?.microseconds ?? 0,
          queueOctets: queue?.bytes?.bytes ?? 0,
          queuePackets: queue?.packets ?? 0,
          framing: framing ?? 'frame',
        }),
    latency: latency?.microseconds ?? 0,
    ...(jitter === undefined || jitter.microseconds === 0
      ? {}
      : {
          jitter: jitter.microseconds,
          latencyCorrelation: parameters.latencyCorrelation?.partsPerMillion ?? 0,
          distribution: parameters.distribution ?? 'uniform',
          jitterReorders: parameters.jitterReorders ?? false,
        }),
    ...(gemodelP === undefined
      ? {
          loss: loss?.partsPerMillion ?? 0,
          lossCorrelation: parameters.lossCorrelation?.partsPerMillion ?? 0,
        }
      : {
          lossModel: 'gemodel' as const,
          gemodelP: gemodelP.partsPerMillion,
          gemodelR: parameters.gemodelR?.partsPerMillion ?? DEFAULTS.gemodelR,
          gemodelBad: parameters.gemodelBad?.partsPerMillion ?? DEFAULTS.gemodelBad,
          gemodelGood: parameters.gemodelGood?.partsPerMillion ?? DEFAULTS.gemodelGood,
        }),
    duplicate: parameters.duplicate?.partsPerMillion ?? 0,
    corrupt: parameters.corrupt?.partsPerMillion ?? 0,
    reorder: reorder?.partsPerMillion ?? 0,
    reorderGap: reorder === undefined ? 0 : (parameters.reorderGap ?? 1),
    limit: parameters.limit ?? 0,
    state: parameters.state ?? 'up',
  };
}

/** `10mbit 20ms`, and what else there is with its attribute's name. */
function nameOf({ bandwidth, latency, ...others }: Parameters): string {
  const delays = latency !== undefined && latency.microseconds > 0;
  const rest = Object.entries(others)
    .filter(([, value]) => !['0%', '0us', 'up', 'frame'].includes(String(value)))
    .map(
      ([name, value]) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${String(value)}`,
    );
  return [bandwidth?.toString(), delays ? latency.toString() : undefined, ...rest].filter(Boolean).join(' ');
}
