/** Two collections by name: what only one of them has, and what both have. */
export interface Difference<T> {
  readonly missing: readonly (readonly [name: string, wanted: T])[];
  readonly surplus: readonly (readonly [name: string, held: T])[];
  readonly both: readonly (readonly [name: string, held: T, wanted: T])[];
}

export function differenceOf<T>(held: ReadonlyMap<string, T>, wanted: ReadonlyMap<string, T>): Difference<T> {
  const missing: (readonly [string, T])[] = [];
  const both: (readonly [string, T, T])[] = [];
  for (const [name, value] of wanted) {
    const present = held.get(name);
    if (present === undefined) missing.push([name, value]);
    else both.push([name, present, value]);
  }
  return { missing, surplus: [...held].filter(([name]) => !wanted.has(name)), both };
}

/** The first few of many, for a sentence. */
export function someOf(items: readonly string[], most = 3): string {
  const others = items.length - most;
  return others > 0 ? `${items.slice(0, most).join(', ')} and ${String(others)} more` : items.join(', ');
}
