import { run } from '../../process/run.js';

/** fping(8): how often, and after how many milliseconds, a request is repeated. */
const PERIOD = 1000;
const GAP = 2;

/**
 * Milliseconds until each address answers an ICMP echo request from a machine; null for none. One fping per machine
 * asks all of both IP versions at once.
 */
export async function askIcmp(
  machine: string,
  addresses: readonly string[],
  patience: number,
): Promise<readonly (number | null)[]> {
  if (addresses.length === 0) return [];
  const retries = Math.max(1, Math.ceil(patience / PERIOD) - 1);
  const { stdout } = await run(
    [
      ...(['ip', 'netns', 'exec', machine, 'fping', '-e', '-i', String(GAP)] as const),
      ...['-r', String(retries), '-t', String(PERIOD), '-B', '1.0', '--', ...new Set(addresses)],
    ],
    // 1: some did not answer; 2: some cannot be sent to.
    { accept: [0, 1, 2], timeout: patience + 60_000, subject: machine },
  );
  const times = readFping(stdout);
  return addresses.map((address) => times.get(address) ?? null);
}

/** The round-trip times by address of what fping -e prints: `10.1.0.1 is alive (0.07 ms)`. */
export function readFping(text: string): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const [, address, time] of text.matchAll(/^(\S+) is alive \(([0-9.]+) ms\)$/gm)) {
    if (address !== undefined) times.set(address, Number(time));
  }
  return times;
}
