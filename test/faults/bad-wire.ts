import { createSocket, type Socket } from 'node:dgram';

/** What a wire does to the datagrams of both directions. */
export interface Badness {
  /** The part of them that gets lost. */
  readonly loss: number;
  /** The part of the others that comes twice. */
  readonly duplication: number;
  /** Milliseconds by which each is late at most, by chance: later ones overtake it. */
  readonly delay: number;
}

export interface Wire {
  readonly address: string;
  readonly port: number;
  /** What has happened to datagrams so far. */
  readonly counts: { sent: number; lost: number; duplicated: number };
  close(): void;
}

/** A UDP relay at an address of loopback that treats what it carries badly. */
export async function badWire(
  at: string,
  to: { readonly address: string; readonly port: number },
  { loss, duplication, delay }: Badness,
  random: () => number,
): Promise<Wire> {
  const counts = { sent: 0, lost: 0, duplicated: 0 };
  const timers = new Set<NodeJS.Timeout>();
  const carry = (send: () => void): void => {
    counts.sent++;
    if (random() < loss) {
      counts.lost++;
      return;
    }
    const isTwice = random() < duplication;
    if (isTwice) counts.duplicated++;
    for (let copy = 0; copy < (isTwice ? 2 : 1); copy++) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        send();
      }, random() * delay);
      timers.add(timer);
    }
  };
  const near = createSocket('udp4');
  /** By the port of the other end: what the agent sees of it. */
  const far = new Map<number, Socket>();
  near.on('message', (datagram, { port, address }) => {
    let socket = far.get(port);
    if (socket === undefined) {
      socket = createSocket('udp4');
      far.set(port, socket);
      socket.on('message', (answer) => {
        carry(() => near.send(answer, port, address));
      });
    }
    const ours = socket;
    carry(() => ours.send(datagram, to.port, to.address));
  });
  await new Promise<void>((resolve) => near.bind(0, at, resolve));
  return {
    address: at,
    port: near.address().port,
    counts,
    close: () => {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of [near, ...far.values()]) socket.close();
    },
  };
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
