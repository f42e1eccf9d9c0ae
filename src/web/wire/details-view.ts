import type { Comparison, Health } from './network-view.js';

/** All that is known of one host, site, machine, pair of groups or link. */
export interface DetailsView {
  readonly id: string;
  readonly kind: 'host' | 'site' | 'machine' | 'pair' | 'link';
  readonly title: string;
  readonly health: Health;
  /** Milliseconds since what follows was read; undefined if it never was. */
  readonly age?: number;
  /** What it is, one thing each. */
  readonly words: readonly string[];
  readonly values: readonly ValueView[];
  /** What is wrong with it. */
  readonly problems: readonly string[];
  /** The links that it is the end of, the busiest first, as many as are told. */
  readonly links: readonly LinkView[];
  readonly linkCount: number;
  readonly history: HistoryView;
}

/** One property. Texts have their unit; undefined where there is no such value. */
export interface ValueView {
  readonly name: string;
  readonly configured?: string;
  readonly inForce?: string;
  readonly measured?: string;
  readonly differs?: boolean;
}

/** What one machine receives from another one, or from a network. */
export interface LinkView {
  /** `link:vif:host1/vif1.0 vif:host2/vif1.0`. */
  readonly id: string;
  readonly name: string;
  /** Ids of machines; undefined of what is none. */
  readonly sender?: string;
  readonly receiver: string;
  readonly health: Health;
  /** Bits per second. */
  readonly rate?: number;
  /** Bits per second in force; undefined if nothing limits it. */
  readonly limit?: number;
  readonly comparison: Comparison;
}

/** Rates in bits per second over the last minutes. */
export interface HistoryView {
  /** Milliseconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly series: readonly { readonly name: string; readonly rates: readonly (number | null)[] }[];
  /** What limits each of them, in bits per second. */
  readonly limit?: number;
}
