/** Octets of data in an echo request, as ping(8) sends them. */
export const SMALL = 56;

/** Milliseconds beside what is asked that an answer may take, where many are asked for. */
const PATIENCE = 1000;
/** The longest that an agent takes (netemuProbeTimeout). */
const LONGEST = 60_000;

/**
 * Milliseconds that an answer may take, in whole seconds, so that many requests have the same and one process asks for all of
 * them.
 *
 * @param delay what is asked there and back, in microseconds
 * @param patience milliseconds beside it that an answer may take
 */
export function timeoutOf(delay: number, patience = PATIENCE): number {
  return Math.min(LONGEST, Math.ceil((patience + delay / 1000) / 1000) * 1000);
}
