/** From so many in a row on, the first and the last say it. */
const SHORTEST_RANGE = 3;

/** Names in their order, those that count on by one as a range: `vm1 … vm7`, `vm9`. */
export function nameRanges(names: readonly string[]): string[] {
  const runs: string[][] = [];
  for (const name of names) {
    const run = runs.at(-1);
    if (run === undefined || !isNext(run.at(-1) ?? '', name)) runs.push([name]);
    else run.push(name);
  }
  return runs.flatMap((run) =>
    run.length < SHORTEST_RANGE ? run : [`${run[0] ?? ''} … ${run.at(-1) ?? ''}`],
  );
}

function isNext(before: string, name: string): boolean {
  const [, prefix, digits] = /^(.*?)([0-9]{1,15})$/.exec(before) ?? [];
  if (prefix === undefined || digits === undefined) return false;
  return name === `${prefix}${String(Number(digits) + 1).padStart(digits.length, '0')}`;
}
