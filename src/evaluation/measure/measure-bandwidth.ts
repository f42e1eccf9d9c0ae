import { setTimeout as sleep } from 'node:timers/promises';
import { measureFullSeconds } from '../../lab/prober/measure-throughput.js';
import { sendTrain } from '../../lab/prober/send-train.js';
import { BitRate } from '../../units/bit-rate.js';
import { isStalled } from '../disturbance.js';
import { PLACEMENTS, PROTOCOLS, type Placement, type Protocol } from '../experiments.js';
import type { Plan } from '../plan.js';
import { DATA, FRAME } from '../theory.js';
import { applyLinks, RECEIVERS, SENDER } from './stage.js';
import type { Teller } from './teller.js';
import { watchStandstills } from './watch-standstills.js';

/** Up to this rate all four flows of a repetition are measured at once: they have links of their own. */
const MOST_AT_ONCE = 5e6;
/** Up to this rate a second holds so few frames that one more or less counts: it is measured for longer. */
const SLOW = 2e6;
const SECONDS = { slow: 34, usual: 16, alone: 11 };
/** What UDP sends, as a share of the link's rate in data: more than it can carry, so that the link is full. */
const OVERLOAD = 1.05;
/** Datagrams of a train: enough to use the burst up, even while the sender takes its time. */
const TRAIN = 200;
/** Milliseconds in which the bucket fills. */
const IDLE = 500;

interface Flow {
  readonly placement: Placement;
  readonly protocol: Protocol;
}

const FLOWS: readonly Flow[] = PLACEMENTS.flatMap((placement) =>
  PROTOCOLS.map((protocol) => ({ placement, protocol })),
);

/** Data per second at each rate, by TCP and UDP, within a host and between two; then bursts. */
export async function measureBandwidth(real: string, plan: Plan, teller: Teller): Promise<void> {
  for (const rate of plan.rates) {
    await applyRate(real, rate);
    const rounds = rate <= MOST_AT_ONCE ? [FLOWS] : FLOWS.map((flow) => [flow]);
    const seconds = rate <= SLOW ? SECONDS.slow : rate <= MOST_AT_ONCE ? SECONDS.usual : SECONDS.alone;
    for (const round of rounds) await measureRound(round, rate, seconds, plan.repetitions, teller);
  }
  for (const rate of plan.burstRates) {
    await applyRate(real, rate);
    for (let repetition = 1; repetition <= plan.repetitions; repetition++) {
      for (const placement of PLACEMENTS) await measureBurst(placement, rate, repetition, teller);
    }
  }
}

/** Flows at once, until as often as asked for nothing disturbed them, and at most twice as often. */
async function measureRound(
  round: readonly Flow[],
  rate: number,
  seconds: number,
  repetitions: number,
  teller: Teller,
): Promise<void> {
  let quiet = 0;
  for (let repetition = 1; quiet < repetitions && repetition <= 2 * repetitions; repetition++) {
    const { result, standstills } = await watchStandstills(() =>
      Promise.all(round.map((flow) => measureFlow(flow, rate, seconds))),
    );
    round.forEach((flow, i) => {
      teller.sample({ kind: 'throughput', ...flow, rate, repetition, seconds: result[i] ?? [], standstills });
    });
    if (!isStalled(standstills, rate)) quiet++;
  }
}

async function applyRate(real: string, rate: number): Promise<void> {
  const bandwidth = BitRate.ofBitsPerSecond(rate).toString();
  await applyLinks(real, `bandwidth-${bandwidth}`, `bandwidth="${bandwidth}"`);
}

function measureFlow({ placement, protocol }: Flow, rate: number, seconds: number): Promise<number[]> {
  const to = RECEIVERS[placement][protocol];
  return measureFullSeconds(
    { from: SENDER.machine, to: to.machine, address: to.address },
    seconds,
    protocol === 'tcp' ? undefined : { bitsPerSecond: rate * OVERLOAD, octets: DATA.udp },
  );
}

async function measureBurst(
  placement: Placement,
  rate: number,
  repetition: number,
  teller: Teller,
): Promise<void> {
  await sleep(IDLE);
  const train = { count: TRAIN, gap: 0, size: DATA.udp };
  const arrivals = await sendTrain(SENDER.machine, RECEIVERS[placement].udp, train);
  teller.sample({
    ...{ kind: 'burst', placement, rate, repetition, sent: TRAIN, frame: FRAME },
    arrivals: arrivals.map(({ at }) => at),
  });
}
