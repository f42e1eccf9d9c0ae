import { socketBuffer } from './socket-buffer.js';

/** The port of iperf3(1). */
export const IPERF3_PORT = 5201;

/** Datagrams at a fixed rate, instead of TCP. */
export interface UdpLoad {
  /** What is sent: data of the datagrams, in bits per second. */
  readonly bitsPerSecond: number;
  /** Data of each datagram, in octets. */
  readonly octets: number;
}

/** What a sender is told. */
export interface Sending {
  /** Of the receiver. */
  readonly address: string;
  readonly port: number;
  readonly seconds: number;
  /** Milliseconds that the receiver may take to answer. */
  readonly connectTimeout: number;
  /** The sender's own. Default: the kernel's choice. */
  readonly source?: string | undefined;
  /** Default: TCP. */
  readonly udp?: UdpLoad | undefined;
}

type Command = [string, ...string[]];

/**
 * The command of a receiver that counts what one sender sends, and ends with it.
 *
 * @param address where it listens; default: everywhere
 */
export function receiver(port: number, address?: string): Command {
  const binding = address === undefined ? [] : ['-B', address];
  return ['iperf3', '-s', '-1', '-J', '-p', String(port), ...binding];
}

/** The command of a sender. */
export async function sender({
  address,
  port,
  seconds,
  connectTimeout,
  source,
  udp,
}: Sending): Promise<Command> {
  return [
    ...['iperf3', '-c', address, '-p', String(port), '-t', String(seconds), '-J'],
    ...['--connect-timeout', String(connectTimeout)],
    ...(source === undefined ? [] : ['-B', source]),
    ...(udp === undefined ? [] : await udpOptions(udp)),
  ] as Command;
}

/** What arrives while the receiver waits for the processor needs room, or the kernel drops it there. */
async function udpOptions({ bitsPerSecond, octets }: UdpLoad): Promise<string[]> {
  const buffer = await socketBuffer();
  const window = buffer === undefined ? [] : ['-w', String(buffer)];
  return ['-u', '-b', bitsPerSecond.toFixed(0), '-l', String(octets), ...window];
}
