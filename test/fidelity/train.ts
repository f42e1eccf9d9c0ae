import { fileURLToPath } from 'node:url';
import { untilListening } from '../integration/flow.js';
import type { LiveLab } from '../integration/live-lab.js';

const MAIN = fileURLToPath(new URL('train-main.mjs', import.meta.url));
const PORT = 7001;
/** Milliseconds without a datagram after which no more are expected. */
const SILENCE = 1500;

/** A train of datagrams to be sent. */
export interface Train {
  readonly count: number;
  /** Microseconds between two; 0: as fast as it goes. */
  readonly gap: number;
  /** Octets of each. */
  readonly size?: number;
}

/** A datagram as it arrived. */
export interface Arrival {
  readonly number: number;
  /** Microseconds that it was under way. */
  readonly delay: number;
}

/** Sends a train from one machine to another. @returns what arrived, in that order */
export async function sendTrain(
  lab: LiveLab,
  from: string,
  to: { readonly machine: string; readonly address: string },
  { count, gap, size = 200 }: Train,
): Promise<Arrival[]> {
  const receiver = lab.run(
    ...(['ip', 'netns', 'exec', to.machine, process.execPath, MAIN] as const),
    ...['receive', String(PORT), String(SILENCE)],
  );
  await untilListening(lab, to.machine, PORT, 'udp');
  await lab.run(
    ...(['ip', 'netns', 'exec', from, process.execPath, MAIN, 'send', to.address] as const),
    ...[PORT, count, gap, size].map(String),
  );
  const arrivals = JSON.parse(await receiver) as [number, number][];
  return arrivals.map(([number, microseconds]) => ({ number, delay: microseconds }));
}
