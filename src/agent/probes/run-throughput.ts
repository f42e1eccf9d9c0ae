import { setTimeout as sleep } from 'node:timers/promises';
import { NetmgrError } from '../../errors.js';
import { receiver, sender } from '../../iperf3/arguments.js';
import { socketBuffer } from '../../iperf3/socket-buffer.js';
import { readReport, wholeSeconds, type Report } from '../../iperf3/report.js';
import type { Run } from '../../process/run.js';
import { IpAddress } from '../../units/ip-network.js';
import { bracketed } from './bracketed.js';
import type { ProbeRequest } from './probe-request.js';
import { BITS_PER_KILOBIT } from '../../units/bit-rate.js';

/** Whole seconds left out at the begin and at the end. */
const MARGIN = 1;
/** Milliseconds that a receiver waits for its sender, and a sender may take beyond its time. */
const PATIENCE = 60_000;
/** Milliseconds between two looks at whether a receiver listens, and how long it may take. */
const LOOK = 50;
const LISTEN_TIMEOUT = 10_000;
const MICROSECONDS = 1e6;
const BITS_PER_OCTET = 8;

/** What a receiver counted. */
export interface Throughput {
  /** The sender's address. */
  readonly peer: string;
  /** kbit/s of data. */
  readonly bandwidth: number;
}

/**
 * Waits for one sender and counts its data (iperf3(1)), and leaves what was counted in the request: the receiver's own
 * count over its whole seconds without the first and the last, for TCP and UDP alike. So a sender of n seconds is
 * counted for n - 2. The request is `running` from when it listens.
 *
 * @param run runs commands inside the machine
 * @throws NetmgrError `CommandFailed` in iperf3's words, or if no whole second can be counted
 */
export async function runReceive(run: Run, request: ProbeRequest): Promise<Throughput> {
  const { row, signal } = request;
  const server = run(receiver(row.port, row.target), {
    accept: [0, 1],
    timeout: row.duration + PATIENCE,
    signal,
  });
  const ended = server.then(
    () => true,
    () => true,
  );
  try {
    if (await listens(run, row.target, row.port, ended)) request.running();
  } catch (error) {
    request.end();
    await ended;
    throw error;
  }
  const report = readReport((await server).stdout);
  const seconds = wholeSeconds(report, MARGIN);
  if (report.error !== undefined) throw failed(report.error);
  if (seconds.length === 0) throw failed('it counted no whole second between the first and the last');
  const sum = (of: 'seconds' | 'octets' | 'packets' | 'lost'): number =>
    seconds.reduce((total, second) => total + second[of], 0);
  const [duration, octets, packets] = [sum('seconds'), sum('octets'), sum('packets')];
  request.done({
    octets: BigInt(Math.round(octets)),
    duration: Math.round(duration * MICROSECONDS),
    sent: packets,
    received: Math.max(0, packets - sum('lost')),
  });
  const bandwidth = Math.round((octets * BITS_PER_OCTET) / duration / BITS_PER_KILOBIT);
  return { peer: peerOf(report), bandwidth };
}

/**
 * Sends to a receiver that listens, and leaves the number of datagrams in the request.
 *
 * @param run runs commands inside the machine
 * @param source the address to send from; undefined leaves it to the kernel
 * @throws NetmgrError `CommandFailed` in iperf3's words
 */
export async function runSend(run: Run, request: ProbeRequest, source: string | undefined): Promise<void> {
  const { target, port, duration, timeout, bandwidth, size } = request.row;
  const seconds = Math.ceil(duration / 1000);
  const udp = bandwidth === 0 ? undefined : { bitsPerSecond: bandwidth * BITS_PER_KILOBIT, octets: size };
  const command = sender({
    ...{ address: target, port, seconds, connectTimeout: timeout, source, udp },
    ...(udp === undefined ? {} : { socketBuffer: await socketBuffer(run) }),
  });
  request.running();
  const { stdout } = await run(command, {
    accept: [0, 1],
    timeout: seconds * 1000 + timeout + PATIENCE,
    signal: request.signal,
  });
  const { error, packets } = readReport(stdout);
  if (error !== undefined) throw failed(error);
  request.done({ sent: packets });
}

/** Fulfils when somebody listens there, with true, or when the one who should has ended, with false. */
async function listens(run: Run, address: string, port: number, ended: Promise<boolean>): Promise<boolean> {
  const local = `${bracketed(address)}:${String(port)}`;
  const deadline = performance.now() + LISTEN_TIMEOUT;
  for (;;) {
    // iperf3 says nothing of it where it reports in JSON.
    const { stdout } = await run(['ss', '-Hltn', 'src', local]);
    if (stdout.trim() !== '') return true;
    if (performance.now() > deadline) throw failed(`it does not listen at ${local}`);
    if (await Promise.race([ended, sleep(LOOK, false)])) return false;
  }
}

/** As the kernel's and the configuration's texts have it; empty for what is no address. */
function peerOf({ peer = '' }: Report): string {
  return IpAddress.tryParse(peer)?.toString() ?? '';
}

function failed(words: string): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `iperf3: ${words.replace(/^error - /, '')}`,
  });
}
