import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { NetmgrError } from '../../errors.js';
import { run } from '../../process/run.js';
import { startAttached } from '../../process/start-attached.js';
import { mean } from '../../statistics/summary.js';
import { socketBuffer } from './socket-buffer.js';

/** Full seconds left out at the begin, where TCP finds its rate, and at the end, where queues run empty. */
const MARGIN = 2;
const PORT = 5201;
const CONNECT_ATTEMPTS = 40;
const CONNECT_RETRY = 250;
const SLACK = 60_000;

/** One direction between two machines. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  /** Of the receiver. */
  readonly address: string;
  /** Which the receiver listens on. Default: 5201. */
  readonly port?: number;
}

/** Datagrams at a fixed rate, instead of TCP. */
export interface UdpLoad {
  /** What is sent: data of the datagrams, in bits per second. */
  readonly bitsPerSecond: number;
  /** Data of each datagram, in octets. */
  readonly octets: number;
}

/**
 * TCP goodput in bits per second, as the receiver counts it: the mean of iperf3's full seconds, without the first two
 * and the last two. iperf3's own total counts what was in the queues at the end as if it had arrived.
 *
 * @param seconds how long to send; at least 5
 * @throws NetmgrError `CommandFailed` in iperf3's words, or if nothing can be counted.
 */
export async function measureThroughput(flow: Flow, seconds: number): Promise<number> {
  return mean(await measureFullSeconds(flow, seconds));
}

/**
 * The bits per second of data that the receiver counts in each full second, without the first two and the last two.
 *
 * @param seconds how long to send; at least 5
 * @throws NetmgrError `CommandFailed` in iperf3's words, or if nothing can be counted.
 */
export async function measureFullSeconds(flow: Flow, seconds: number, udp?: UdpLoad): Promise<number[]> {
  const port = String(flow.port ?? PORT);
  const server = startAttached(['ip', 'netns', 'exec', flow.to, 'iperf3', '-s', '-1', '-J', '-p', port], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const report = text(server.streams[1] ?? Readable.from([]));
  try {
    await send(flow, port, seconds, udp);
    return fullSeconds(await report, flow);
  } finally {
    server.kill('SIGKILL');
    await server.ended;
  }
}

async function send(flow: Flow, port: string, seconds: number, udp?: UdpLoad): Promise<void> {
  const client = [
    ...(['ip', 'netns', 'exec', flow.from, 'iperf3', '-c', flow.address, '-p', port] as const),
    ...['-t', String(seconds), '-J', '--connect-timeout', '5000'],
    ...(udp === undefined ? [] : await udpOptions(udp)),
  ] as const;
  for (let attempt = 1; ; attempt += 1) {
    const timeout = seconds * 1000 + SLACK;
    const { stdout } = await run(client, { timeout, accept: [0, 1], subject: flow.from });
    // With -J, iperf3 3.12 ends with exit code 0 even where it could not connect.
    const { error } = JSON.parse(stdout) as { error?: string };
    if (error === undefined) return;
    // The receiver may not listen yet; nothing else is tried again.
    if (!error.includes('refused') || attempt === CONNECT_ATTEMPTS) {
      throw new NetmgrError({
        kind: 'CommandFailed',
        message: `iperf3: ${error}`,
        subject: `${flow.from} to ${flow.to}`,
      });
    }
    await sleep(CONNECT_RETRY);
  }
}

/** What arrives while the receiver waits for the processor needs room, or the kernel drops it there. */
async function udpOptions({ bitsPerSecond, octets }: UdpLoad): Promise<string[]> {
  const buffer = await socketBuffer();
  const window = buffer === undefined ? [] : ['-w', String(buffer)];
  return ['-u', '-b', bitsPerSecond.toFixed(0), '-l', String(octets), ...window];
}

interface Iperf3Report {
  readonly error?: string;
  readonly intervals?: readonly {
    readonly sum: { readonly seconds: number; readonly bits_per_second: number };
  }[];
}

/** @param json what iperf3 -s -J prints */
export function fullSeconds(json: string, flow: Flow): number[] {
  const report = JSON.parse(json) as Iperf3Report;
  const full = (report.intervals ?? []).filter(({ sum }) => Math.abs(sum.seconds - 1) < 0.1);
  const counted = full.slice(MARGIN, -MARGIN);
  if (counted.length === 0) {
    throw new NetmgrError({
      kind: 'CommandFailed',
      message: report.error ?? 'iperf3 counted no full seconds',
      subject: `${flow.from} to ${flow.to}`,
    });
  }
  return counted.map(({ sum }) => sum.bits_per_second);
}
