/** What runs, as far as the picture and the list of problems show it. Rates are in bits per second. */
export interface NetworkView {
  /** Milliseconds since 1970, by the server's clock. */
  readonly time: number;
  /** Milliseconds from one of these to the next. */
  readonly interval: number;
  readonly hosts: readonly HostView[];
  readonly machines: readonly MachineView[];
  /** Between sites and between hosts: all links from the machines of one group to those of another. */
  readonly pairs: readonly PairView[];
  /** The first of them, the worst first. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

export interface HostView {
  readonly id: string;
  /** `waiting`: it was not asked to the end yet. */
  readonly answers: 'yes' | 'no' | 'waiting';
  /** Milliseconds since it was last read; undefined if it never was. */
  readonly age?: number;
  /** Whether what is shown of it is too old to be called now. */
  readonly isStale: boolean;
  readonly drift: number;
}

/** How something is: `failing` if it is not as it should be, `stale` if that is not known any more, `unknown` if it never was. */
export type Health = 'good' | 'failing' | 'stale' | 'unknown';

export interface MachineView {
  readonly id: string;
  readonly health: Health;
  /** What its line lets out or, where that is not shaped and so not counted, what its links deliver. */
  readonly sends?: number;
  /** Undefined until there are two readings. */
  readonly receives?: number;
  /** The larger share of what its own lines may carry; undefined where nothing limits them. */
  readonly utilisation?: number;
}

export interface PairView {
  /** `pair:site:site1 site:site2`. */
  readonly id: string;
  /** Groups, in the order of the map. */
  readonly ends: readonly [string, string];
  /** From the first end to the second one, and back; undefined if nothing may go there. */
  readonly forth?: WayView;
  readonly back?: WayView;
}

/** What all links of one direction come to. */
export interface WayView {
  readonly links: number;
  readonly health: Health;
  /** The sum. */
  readonly rate?: number;
  /** Of the busiest link: the share of its bandwidth that passes. Undefined if nothing limits them. */
  readonly utilisation?: number;
  readonly comparison: Comparison;
}

/**
 * What was asked against what is in force and what probes measured last. `differs`: one of them is off; `measured`: all that was
 * measured holds; `configured`: it is in force as it was asked, and not measured.
 */
export type Comparison = 'differs' | 'measured' | 'configured' | 'unknown';

export interface Problem {
  /** What it is about: a host, a machine or a link. */
  readonly id: string;
  readonly subject: string;
  readonly text: string;
}
