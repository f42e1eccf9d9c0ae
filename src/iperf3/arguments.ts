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
  /** Octets of the sockets' buffers for datagrams, which the kernels at both ends must allow. Default: the kernels' choice. */
  readonly socketBuffer?: number | undefined;
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
export function sender({
  address,
  port,
  seconds,
  connectTimeout,
  source,
  udp,
  socketBuffer,
}: Sending): Command {
  return [
    ...['iperf3', '-c', address, '-p', String(port), '-t', String(seconds), '-J'],
    ...['--connect-timeout', String(connectTimeout)],
    ...(source === undefined ? [] : ['-B', source]),
    ...(udp === undefined ? [] : udpOptions(udp, socketBuffer)),
  ] as Command;
}

/** What arrives while the receiver waits for the processor needs room, or the kernel drops it there. */
function udpOptions({ bitsPerSecond, octets }: UdpLoad, buffer: number | undefined): string[] {
  const window = buffer === undefined ? [] : ['-w', String(buffer)];
  return ['-u', '-b', bitsPerSecond.toFixed(0), '-l', String(octets), ...window];
}
