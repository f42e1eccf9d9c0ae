import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_RETRY = 250;
const LONGEST_RETRY = 2000;

/** Asks by UDP from one socket per IP version, however many are asked at once. */
export class UdpQuestions {
  private readonly ipv4 = this.open('udp4');
  private readonly ipv6 = this.open('udp6');
  private readonly pending = new Map<string, () => void>();
  private count = 0;

  /** Whether the machine called `name` answers at the address, asked again until it does or the signal comes. */
  async ask(name: string, address: string, port: number, signal: AbortSignal): Promise<boolean> {
    const token = `q${String(this.count++)}`;
    const expected = `${token} ${name}`;
    const answered = new AbortController();
    this.pending.set(expected, () => answered.abort());
    const either = AbortSignal.any([signal, answered.signal]);
    const socket = isIPv6(address) ? this.ipv6 : this.ipv4;
    for (let pause = FIRST_RETRY; !either.aborted; pause = Math.min(2 * pause, LONGEST_RETRY)) {
      // There may be no way to send yet.
      socket.send(token, port, address, () => undefined);
      await sleep(pause, undefined, { signal: either }).catch(() => undefined);
    }
    this.pending.delete(expected);
    return answered.signal.aborted;
  }

  private open(type: 'udp4' | 'udp6'): Socket {
    return createSocket(type)
      .on('error', () => undefined)
      .on('message', (answer) => this.pending.get(answer.toString())?.());
  }
}
