import { NetmgrError } from '../errors.js';

/** What was counted in one interval, all streams together. */
export interface Interval {
  readonly seconds: number;
  /** Of data. */
  readonly octets: number;
  readonly bitsPerSecond: number;
  /** Datagrams that were sent, as far as their numbers tell; 0 for TCP. */
  readonly packets: number;
  /** How many of them did not arrive. */
  readonly lost: number;
}

/** What `iperf3 -J` prints, as far as netmgr needs it. */
export interface Report {
  /** Why it failed, in iperf3's words. */
  readonly error?: string;
  /** The address at the other end. */
  readonly peer?: string;
  readonly intervals: readonly Interval[];
  /** Datagrams in all; 0 for TCP. */
  readonly packets: number;
}

/** How far from a second an interval may be that counts as one: iperf3's timer is not exact. */
const TOLERANCE = 0.1;

/** @throws NetmgrError `CommandFailed` for what is no report of iperf3 */
export function readReport(json: string): Report {
  let root: Fields;
  try {
    root = fieldsOf(JSON.parse(json));
  } catch (cause) {
    throw new NetmgrError({ kind: 'CommandFailed', message: 'iperf3 printed no report', cause });
  }
  const { error } = root;
  const [connection] = listOf(fieldsOf(root['start'])['connected']);
  const peer = fieldsOf(connection)['remote_host'];
  return {
    ...(typeof error === 'string' ? { error } : {}),
    ...(typeof peer === 'string' ? { peer: peer.replace(/^::ffff:(?=\d+\.)/, '') } : {}),
    intervals: listOf(root['intervals']).map((interval) => readInterval(fieldsOf(fieldsOf(interval)['sum']))),
    packets: numberOf(fieldsOf(fieldsOf(root['end'])['sum'])['packets']),
  };
}

/**
 * The whole seconds of a report without some at its begin, where a sender finds its rate, and as many at its end,
 * where queues run empty. iperf3's own total counts what was in the queues at the end as if it had arrived.
 *
 * @param margin how many are left out on either side
 */
export function wholeSeconds({ intervals }: Report, margin: number): readonly Interval[] {
  return intervals.filter(({ seconds }) => Math.abs(seconds - 1) < TOLERANCE).slice(margin, -margin);
}

type Fields = Readonly<Record<string, unknown>>;

function readInterval(sum: Fields): Interval {
  return {
    seconds: numberOf(sum['seconds']),
    octets: numberOf(sum['bytes']),
    bitsPerSecond: numberOf(sum['bits_per_second']),
    packets: numberOf(sum['packets']),
    lost: numberOf(sum['lost_packets']),
  };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What cannot have been counted is nothing. */
const numberOf = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
