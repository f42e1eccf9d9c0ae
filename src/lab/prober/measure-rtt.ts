import { NetmgrError } from '../../errors.js';
import { run } from '../../process/run.js';
import { median } from '../../statistics/summary.js';

const COUNT = 20;
// Below that, ping(8) wants root.
const INTERVAL = 0.2;

/**
 * The median round-trip time in milliseconds from a machine to an address, of 20 pings. One more goes before them: it
 * waits for the neighbour's address too. Not the mean: when the machine that the lab runs on has other work, single
 * packets in a User-Mode Linux kernel come several milliseconds late, which says nothing of the link.
 *
 * @throws NetmgrError `Unreachable` if fewer than half are answered.
 */
export async function measureRtt(machine: string, address: string): Promise<number> {
  return median(await ping(machine, address, COUNT, INTERVAL));
}

/**
 * The round-trip times in milliseconds of so many pings, those that were answered. One more goes before them.
 *
 * @param interval seconds between two
 * @throws NetmgrError `Unreachable` if fewer than half are answered.
 */
export async function ping(
  machine: string,
  address: string,
  count: number,
  interval: number,
): Promise<number[]> {
  const { stdout } = await run(
    [
      ...(['ip', 'netns', 'exec', machine, 'ping', '-n', '-c', String(count + 1)] as const),
      ...['-i', String(interval), '-W', '2', '--', address],
    ],
    { accept: [0, 1], subject: machine },
  );
  const times = readPing(stdout).filter(({ sequence }) => sequence > 1);
  if (times.length < count / 2) {
    throw new NetmgrError({
      kind: 'Unreachable',
      message: `${address} answered ${String(times.length)} of ${String(count)} pings`,
      subject: machine,
    });
  }
  return times.map(({ milliseconds }) => milliseconds);
}

/** The answers of what ping prints: `64 bytes from 10.2.0.1: icmp_seq=2 ttl=64 time=40.3 ms`. */
export function readPing(text: string): { readonly sequence: number; readonly milliseconds: number }[] {
  return [...text.matchAll(/icmp_seq=(\d+) .*time=([0-9.]+) ms$/gm)].map(([, sequence, time]) => ({
    sequence: Number(sequence),
    milliseconds: Number(time),
  }));
}
