import { setTimeout as sleep } from 'node:timers/promises';
import { NetmgrError } from '../../errors.js';
import { run } from '../../process/run.js';
import { readArrivals, TRAIN_PORT, trainReceiver, trainSender, type Arrival, type Train } from './train.js';

const TIMEOUT = 120_000;
const LISTENING = { attempts: 100, pause: 100 };

/**
 * Sends a train from one machine to another, from inside the lab.
 *
 * @returns what arrived, in that order
 * @throws NetmgrError `CommandFailed` where an end could not do its part.
 */
export async function sendTrain(
  from: string,
  to: { readonly machine: string; readonly address: string },
  train: Train,
): Promise<Arrival[]> {
  const [{ stdout }] = await Promise.all([
    run(trainReceiver(to.machine), { timeout: TIMEOUT, subject: to.machine }),
    untilListening(to.machine).then(() =>
      run(trainSender(from, to.address, train), { timeout: TIMEOUT, subject: from }),
    ),
  ]);
  return readArrivals(stdout);
}

async function untilListening(machine: string): Promise<void> {
  const sockets = ['ip', 'netns', 'exec', machine, 'ss', '-Hlun', `sport = :${String(TRAIN_PORT)}`] as const;
  for (let attempt = 0; attempt < LISTENING.attempts; attempt++) {
    if ((await run(sockets, { subject: machine })).stdout.trim() !== '') return;
    await sleep(LISTENING.pause);
  }
  throw new NetmgrError({ kind: 'CommandFailed', message: 'the receiver does not listen', subject: machine });
}
