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

interface Place<T> {
  readonly reading: T;
  /** Of performance.now(). */
  readonly at: number;
}

/**
 * Readings, of which walks each see one to their end. SNMP knows no walks: that a request goes on from the very instance that was
 * answered before tells them. Where one overtakes another they see the newer reading both.
 */
export class WalkedReadings<T> implements Versions {
  #shown: T;
  /** Two generations, of which the older one goes as a whole: to take out the oldest one by one is slow. */
  #places = new Map<string, Place<T>>();
  #olderPlaces: ReadonlyMap<string, Place<T>> = new Map();

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
    const key = oidText(oid);
    const place = this.#places.get(key) ?? this.#olderPlaces.get(key);
    if (place === undefined || performance.now() - place.at > LONGEST_PAUSE) return false;
    this.#shown = place.reading;
    return true;
  }

  passed(oid: Oid): void {
    if (this.#places.size >= MOST_PLACES / 2) {
      this.#olderPlaces = this.#places;
      this.#places = new Map();
    }
    this.#places.set(oidText(oid), { reading: this.#shown, at: performance.now() });
  }
}
