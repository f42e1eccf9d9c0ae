import { oidText } from '../../mib/oid.js';
import type { Oid } from '../../mib/value.js';

/** What walks see of objects that are read again and again. */
export interface Versions {
  /** Has the objects answered as the last reading found them. */
  showLatest(): void;
  /** Has them answered as to the walk that got there. @returns false if no walk did */
  showAt(oid: Oid): boolean;
  /** Hears that a walk got there, with what is shown at present. */
  passed(oid: Oid): void;
}

/** Milliseconds for which a walk may rest. */
const LONGEST_PAUSE = 10_000;
/** Instances at which walks may be: one GETBULK passes hundreds, of which the last are where it goes on. */
const MOST_PLACES = 10_000;

/**
 * Readings, of which walks each see one to their end. SNMP knows no walks: that a request goes on from the very instance that was
 * answered before tells them. Where one overtakes another they see the newer reading both.
 */
export class WalkedReadings<T> implements Versions {
  #shown: T;
  readonly #places = new Map<string, { readonly reading: T; readonly at: number }>();

  /** @param latest what the last reading found */
  constructor(private latest: T) {
    this.#shown = latest;
  }

  /** As the request under way is to see it. */
  get shown(): T {
    return this.#shown;
  }

  /** Takes what a reading found. */
  found(reading: T): void {
    this.latest = reading;
  }

  showLatest(): void {
    this.#shown = this.latest;
  }

  showAt(oid: Oid): boolean {
    const place = this.#places.get(oidText(oid));
    if (place === undefined || performance.now() - place.at > LONGEST_PAUSE) return false;
    this.#shown = place.reading;
    return true;
  }

  passed(oid: Oid): void {
    const key = oidText(oid);
    // What a map was given first it names first: the oldest places go.
    this.#places.delete(key);
    this.#places.set(key, { reading: this.#shown, at: performance.now() });
    for (const [old] of this.#places) {
      if (this.#places.size <= MOST_PLACES) break;
      this.#places.delete(old);
    }
  }
}
