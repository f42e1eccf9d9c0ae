import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { readPing } from '../../lab/prober/measure-rtt.js';
import { startAttached } from '../../process/start-attached.js';
import { median, standardDeviation } from '../../statistics/summary.js';
import type { Control } from '../sample.js';
import { WATCH } from './stage.js';

/**
 * Seconds between two pings: a machine that stands still for this long is seen. No part of what is between the pings that are
 * measured, nor of most latencies: they would meet each time.
 */
const INTERVAL = 0.023;
/** Milliseconds in which the watch has started. */
const START = 500;

/** Does the work, and watches meanwhile what a ping takes between two machines with nothing between them. */
export async function withControl<T>(work: () => Promise<T>): Promise<{ result: T; control: Control }> {
  const ping = startAttached(
    [
      ...(['ip', 'netns', 'exec', WATCH.from.machine, 'ping', '-n', '-i', String(INTERVAL)] as const),
      ...['--', WATCH.to.address],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const output = text(ping.streams[1] ?? Readable.from([]));
  try {
    await sleep(START);
    const result = await work();
    ping.kill('SIGINT');
    return { result, control: controlOf(await output) };
  } finally {
    ping.kill('SIGKILL');
    await ping.ended;
  }
}

function controlOf(printed: string): Control {
  // The first waits for the neighbour's address too.
  const times = readPing(printed)
    .filter(({ sequence }) => sequence > 1)
    .map(({ milliseconds }) => milliseconds);
  const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    count: times.length,
    median: orNull(median(times)),
    deviation: orNull(standardDeviation(times)),
    worst: orNull(Math.max(...times)),
  };
}
