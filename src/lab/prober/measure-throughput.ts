import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { NetmgrError } from '../../errors.js';
import { IPERF3_PORT, receiver, sender, type UdpLoad } from '../../iperf3/arguments.js';
import { readReport, wholeSeconds } from '../../iperf3/report.js';
import { socketBuffer } from '../../iperf3/socket-buffer.js';
import { run, type Run } from '../../process/run.js';
import { startAttached } from '../../process/start-attached.js';
import { mean } from '../../statistics/summary.js';

/** Full seconds left out at the begin, where TCP finds its rate, and at the end, where queues run empty. */
const MARGIN = 2;
/** Milliseconds. */
const CONNECT_TIMEOUT = 5000;
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
  const port = flow.port ?? IPERF3_PORT;
  const server = startAttached(['ip', 'netns', 'exec', flow.to, ...receiver(port)], {
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

async function send(flow: Flow, port: number, seconds: number, udp?: UdpLoad): Promise<void> {
  const { from, address } = flow;
  const inside: Run = (argv, options) => run(['ip', 'netns', 'exec', from, ...argv], options);
  const buffer = udp === undefined ? undefined : await socketBuffer(inside);
  const command = sender({
    ...{ address, port, seconds, udp },
    ...{ connectTimeout: CONNECT_TIMEOUT, socketBuffer: buffer },
  });
  const client = ['ip', 'netns', 'exec', from, ...command] as const;
  for (let attempt = 1; ; attempt += 1) {
    const timeout = seconds * 1000 + SLACK;
    const { stdout } = await run(client, { timeout, accept: [0, 1], subject: from });
    // With -J, iperf3 3.12 ends with exit code 0 even where it could not connect.
    const { error } = readReport(stdout);
    if (error === undefined) return;
    // The receiver may not listen yet; nothing else is tried again.
    if (!error.includes('refused') || attempt === CONNECT_ATTEMPTS) {
      throw new NetmgrError({
        kind: 'CommandFailed',
        message: `iperf3: ${error}`,
        subject: `${from} to ${flow.to}`,
      });
    }
    await sleep(CONNECT_RETRY);
  }
}

/** @param json what iperf3 -s -J prints */
function fullSeconds(json: string, flow: Flow): number[] {
  const report = readReport(json);
  const counted = wholeSeconds(report, MARGIN);
  if (counted.length === 0) {
    throw new NetmgrError({
      kind: 'CommandFailed',
      message: report.error ?? 'iperf3 counted no full seconds',
      subject: `${flow.from} to ${flow.to}`,
    });
  }
  return counted.map(({ bitsPerSecond }) => bitsPerSecond);
}
