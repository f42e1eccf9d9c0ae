/** Of a long list of faults, how many `npm test` tries; `npm run test:faults` tries all. */
const SAMPLE = 4;

/** All, or a few that are spread over all. */
export function sampled<T>(all: readonly T[], size = SAMPLE): readonly T[] {
  if (process.env['NETMGR_FAULTS'] === 'all' || all.length <= size) return all;
  // Not always the same: every run is a few more of them.
  const offset = Math.floor(Math.random() * all.length);
  return Array.from({ length: size }, (_, i) => {
    const at = (offset + Math.floor((i * all.length) / size)) % all.length;
    return all[at] as T;
  });
}
