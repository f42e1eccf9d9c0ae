/** Whether all of what is long is to be tried: `npm run test:faults` does, `npm test` tries a sample. */
export const isAll = process.env['NETMGR_TESTS'] === 'all';

/** Of a long list, how many are a sample. */
const SAMPLE = 2;

/** All, or a few that are spread over all. */
export function sampled<T>(all: readonly T[], size = SAMPLE): readonly T[] {
  if (isAll || all.length <= size) return all;
  // Not always the same: every run is a few more of them.
  const offset = Math.floor(Math.random() * all.length);
  return Array.from({ length: size }, (_, i) => {
    const at = (offset + Math.floor((i * all.length) / size)) % all.length;
    return all[at] as T;
  });
}

/** Leaves out of the sample what is too slow for it, and says so. */
export function skipInSample(context: Mocha.Context, what: string, script = 'test:faults'): void {
  if (isAll) return;
  process.stdout.write(`    NOT TESTED: ${what}: npm run ${script} does\n`);
  context.skip();
}
