import type { Run } from '../../../src/process/run.js';
import { until } from '../fixture.js';

/** Milliseconds that the guest agent, and what it starts, may take beyond the time of the traffic. */
const SLACK = 60_000;

/** What came of echoes that were sent at regular times. */
export interface Echoes {
  readonly sent: number;
  readonly lost: number;
  /** Milliseconds of the longest time without any answer. */
  readonly standstill: number;
  /** Milliseconds there and back of those that were answered, in their order. */
  readonly times: readonly number[];
}

/** Sends echoes from inside a guest, each some milliseconds after the last (fping(8)). */
export async function echoes(inside: Run, to: string, seconds: number, interval: number): Promise<Echoes> {
  const count = Math.round((seconds * 1000) / interval);
  const { stderr } = await inside(
    ['fping', '-q', '-C', String(count), '-p', String(interval), '-t', '1500', to],
    { accept: [0, 1], timeout: seconds * 1000 + SLACK },
  );
  const answers = stderr.split(' : ')[1]?.trim().split(/\s+/) ?? [];
  const isLost = answers.map((word) => word === '-');
  let [run, longest] = [0, 0];
  for (const is of isLost) longest = Math.max(longest, (run = is ? run + 1 : 0));
  return {
    sent: isLost.length,
    lost: isLost.filter(Boolean).length,
    standstill: longest * interval,
    times: answers.filter((word) => word !== '-').map(Number),
  };
}

interface Summed {
  readonly sum: { readonly seconds: number; readonly bytes: number };
}

/** What a receiver of TCP has counted in each second, in kbit/s. */
export interface Transfer {
  readonly error?: string;
  readonly received: readonly number[];
}

/** In guests. */
const RECEIVED = '/tmp/received.json';
const SEND = 'for i in 1 2 3 4 5 6 7 8 9; do "$@" >/dev/null && exit; sleep 1; done';

/**
 * Sends TCP over one connection from inside a guest, which the receiver counts (iperf3(1)). Both go on by themselves: a guest that
 * moves is reached at another host afterwards.
 */
export async function transfer(
  sender: () => Run,
  receiver: () => Run,
  to: string,
  seconds: number,
): Promise<Transfer> {
  await receiver()(['rm', '-f', RECEIVED]);
  await receiver()(['iperf3', '-s', '-1', '-J', '-i', '1', '-D', '--logfile', RECEIVED]);
  const words = ['iperf3', '-c', to, '-t', String(seconds), '--connect-timeout', '5000'];
  const background = `(${SEND}) >/dev/null 2>&1 </dev/null &`;
  await sender()(['sh', '-c', background, 'sh', ...words]);
  let text = '';
  await until(
    'the transfer has ended',
    async () => {
      text = (await receiver()(['cat', RECEIVED])).stdout;
      return text.trimEnd().endsWith('}');
    },
    seconds * 1000 + SLACK,
  );
  const { error, intervals } = JSON.parse(text) as { error?: string; intervals: readonly Summed[] };
  return {
    ...(error === undefined ? {} : { error }),
    received: intervals
      .map(({ sum }) => sum)
      .filter((sum) => sum.seconds > 0.5)
      .map((sum) => (sum.bytes * 8) / sum.seconds / 1000),
  };
}
