import { profileTable, type ProfileRow } from '../../mib/profile-table.js';
import { defaultsOf } from '../../mib/table.js';
import { IndexAllocator } from '../../mib/index-allocator.js';
import { givenParameters, parametersText, parameterWords, type Parameters } from '../model/parameters.js';
import { valueOf } from '../../value-of.js';
import { BITS_PER_KILOBIT } from '../../units/bit-rate.js';

/** The length of netemuProfileName. */
const LONGEST_NAME = 64;
/** What a profile has by itself. */
const DEFAULTS = defaultsOf(profileTable) as Omit<ProfileRow, 'index'>;

/** The profiles of an environment: one for each content, named and numbered after it. */
export class Profiles {
  readonly #allocator = new IndexAllocator();
  readonly #rows = new Map<number, ProfileRow>();
  /** By what {@link parametersText} makes of parameters: of many links few differ. */
  readonly #indices = new Map<string, number>();

  /** The index of the profile with these parameters; 0 if nothing is emulated. */
  indexOf(parameters: Parameters): number {
    return valueOf(this.#indices, parametersText(parameters), () => this.#newIndex(parameters));
  }

  #newIndex(parameters: Parameters): number {
    const given = Object.entries(cellsOf(parameters)).filter(
      ([name, value]) => value !== undefined && value !== DEFAULTS[name as keyof typeof DEFAULTS],
    );
    if (given.length === 0) return 0;
    const name = nameOf(parameters);
    const key = name.length <= LONGEST_NAME ? name : JSON.stringify(given);
    const index = this.#allocator.indexOf(key);
    if (!this.#rows.has(index)) {
      const short = name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 3)}...`;
      this.#rows.set(index, { ...DEFAULTS, ...Object.fromEntries(given), index, name: short });
    }
    return index;
  }

  /** The row of an index that {@link indexOf} gave. */
  row(index: number): ProfileRow | undefined {
    return this.#rows.get(index);
  }
}

type Cells = { readonly [K in keyof ProfileRow]?: ProfileRow[K] | undefined };

/** The columns of what is said; what has no effect by itself is left out. */
function cellsOf(parameters: Parameters): Cells {
  const { bandwidth, burst, queue, framing, latency, jitter, loss, gemodelP, reorder } = parameters;
  return {
    ...(bandwidth === undefined
      ? {}
      : {
          bandwidth: bandwidth.bitsPerSecond / BITS_PER_KILOBIT,
          burst: burst?.bytes,
          queue: queue?.time?.microseconds,
          queueOctets: queue?.bytes?.bytes,
          queuePackets: queue?.packets,
          framing,
        }),
    latency: latency?.microseconds,
    ...(jitter === undefined || jitter.microseconds === 0
      ? {}
      : {
          jitter: jitter.microseconds,
          distribution: parameters.distribution,
          jitterReorders: parameters.jitterReorders,
        }),
    ...(gemodelP === undefined
      ? {
          loss: loss?.partsPerMillion,
          lossCorrelation: parameters.lossCorrelation?.partsPerMillion,
        }
      : {
          lossModel: 'gemodel' as const,
          gemodelP: gemodelP.partsPerMillion,
          gemodelR: parameters.gemodelR?.partsPerMillion,
          gemodelBad: parameters.gemodelBad?.partsPerMillion,
          gemodelGood: parameters.gemodelGood?.partsPerMillion,
        }),
    duplicate: parameters.duplicate?.partsPerMillion,
    corrupt: parameters.corrupt?.partsPerMillion,
    reorder: reorder?.partsPerMillion,
    reorderGap: reorder === undefined ? undefined : (parameters.reorderGap ?? 1),
    limit: parameters.limit,
    state: parameters.state,
  };
}

/** What changes nothing. */
const NEUTRAL = new Set(['0%', '0us', 'up', 'frame']);

/** `10mbit 20ms`, and what else there is with its attribute's name. */
function nameOf(parameters: Parameters): string {
  // In one order, wherever they come from: the same parameters are the same profile.
  const said = Object.entries(givenParameters(parameters)).filter(([, value]) => !NEUTRAL.has(String(value)));
  return parameterWords(Object.fromEntries(said)).join(' ');
}
