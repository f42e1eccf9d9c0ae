import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// It runs from the built package, whatever reads this file.
const MAIN = join(fileURLToPath(new URL('../../..', import.meta.url)), 'dist/lab/prober/train-main.js');
/** Where a train's receiver listens. */
export const TRAIN_PORT = 7001;
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
  /** Microseconds after the train was begun to be sent. */
  readonly at: number;
}

/** What receives a train in a machine, and prints it when it has ended. */
export function trainReceiver(machine: string): [string, ...string[]] {
  return [...inside(machine), 'receive', String(TRAIN_PORT), String(SILENCE)];
}

/** What sends a train from a machine. */
export function trainSender(machine: string, address: string, train: Train): [string, ...string[]] {
  const { count, gap, size = 200 } = train;
  return [...inside(machine), 'send', address, ...[TRAIN_PORT, count, gap, size].map(String)];
}

function inside(machine: string): [string, ...string[]] {
  return ['ip', 'netns', 'exec', machine, process.execPath, MAIN];
}

/** What a receiver has printed, in the order of arrival. */
export function readArrivals(text: string): Arrival[] {
  return (JSON.parse(text) as [number, number, number][]).map(([number, delay, at]) => ({
    number,
    delay,
    at,
  }));
}
