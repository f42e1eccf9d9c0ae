import {
  readArrivals,
  TRAIN_PORT,
  trainReceiver,
  trainSender,
  type Arrival,
  type Train,
} from '../../src/lab/prober/train.js';
import { untilListening } from '../integration/flow.js';
import type { LiveLab } from '../integration/live-lab.js';

/** Sends a train from one machine to another. @returns what arrived, in that order */
export async function sendTrain(
  lab: LiveLab,
  from: string,
  to: { readonly machine: string; readonly address: string },
  train: Train,
): Promise<Arrival[]> {
  const receiver = lab.run(...trainReceiver(to.machine));
  await untilListening(lab, to.machine, TRAIN_PORT, 'udp');
  await lab.run(...trainSender(from, to.address, train));
  return readArrivals(await receiver);
}
