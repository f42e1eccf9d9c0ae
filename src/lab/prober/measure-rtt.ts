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
  const { times } = await ping(machine, address, COUNT, INTERVAL);
  return median(times);
}

/** Of pings that were answered, in milliseconds. */
export interface RoundTripTimes {
  /** Each, with three digits. */
  readonly times: number[];
  /** With microseconds. */
  readonly mean: number;
  /** The standard deviation of what they are a sample of. */
  readonly deviation: number;
}

/**
 * The round-trip times of so many pings. One more goes before them.
 *
 * @param interval seconds between two
 * @throws NetmgrError `Unreachable` if fewer than half are answered.
 */
export async function ping(
  machine: string,
  address: string,
  count: number,
  interval: number,
): Promise<RoundTripTimes> {
  await pings(machine, address, 1, interval);
  const printed = await pings(machine, address, count, interval);
  const times = readPing(printed).map(({ milliseconds }) => milliseconds);
  if (times.length < Math.max(2, count / 2)) {
    throw new NetmgrError({
      kind: 'Unreachable',
      message: `${address} answered ${String(times.length)} of ${String(count)} pings`,
      subject: machine,
    });
  }
  return { times, ...readSummary(printed, times.length) };
}

async function pings(machine: string, address: string, count: number, interval: number): Promise<string> {
  const { stdout } = await run(
    [
      ...(['ip', 'netns', 'exec', machine, 'ping', '-n', '-c', String(count)] as const),
      ...['-i', String(interval), '-W', '2', '--', address],
    ],
    { accept: [0, 1], subject: machine },
  );
  return stdout;
}

/** The answers of what ping prints: `64 bytes from 10.2.0.1: icmp_seq=2 ttl=64 time=40.3 ms`. */
export function readPing(text: string): { readonly sequence: number; readonly milliseconds: number }[] {
  return [...text.matchAll(/icmp_seq=(\d+) .*time=([0-9.]+) ms$/gm)].map(([, sequence, time]) => ({
    sequence: Number(sequence),
    milliseconds: Number(time),
  }));
}

/** What ping counts in microseconds: `rtt min/avg/max/mdev = 40.021/40.203/40.611/0.094 ms`. */
export function readSummary(
  text: string,
  count: number,
): { readonly mean: number; readonly deviation: number } {
  const [, mean, deviation] = /^rtt [a-z/]+ = [\d.]+\/([\d.]+)\/[\d.]+\/([\d.]+) ms/m.exec(text) ?? [];
  // ping's deviation is that of its own pings, and divides by their number.
  return { mean: Number(mean), deviation: Number(deviation) * Math.sqrt(count / (count - 1)) };
}
