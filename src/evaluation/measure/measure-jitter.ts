import { NetmgrError } from '../../errors.js';
import { sendTrain } from '../../lab/prober/send-train.js';
import { median } from '../../statistics/summary.js';
import { Duration } from '../../units/duration.js';
import type { Distribution } from '../experiments.js';
import type { Plan } from '../plan.js';
import { readDistributionTable } from './distribution-table.js';
import { applyLinks, RECEIVERS, SENDER } from './stage.js';
import type { Teller } from './teller.js';

const MS = 1000;
/** Microseconds. No distribution gets below zero with these: the tables reach four deviations to either side. */
const [LATENCY, JITTER] = [50 * MS, 10 * MS];
/** Microseconds between two datagrams. */
const GAP = 2 * MS;
const BASE_COUNT = 400;

/** What datagrams are delayed on links with jitter, less what they take anyway. */
export async function measureJitter(real: string, plan: Plan, teller: Teller): Promise<void> {
  const to = RECEIVERS.local.udp;
  await applyLinks(real, 'without', '');
  const idle = await sendTrain(SENDER.machine, to, { count: BASE_COUNT, gap: GAP });
  if (idle.length < BASE_COUNT / 2) {
    throw new NetmgrError({ kind: 'Unreachable', message: 'datagrams do not arrive', subject: to.machine });
  }
  const base = median(idle.map(({ delay }) => delay));
  for (const distribution of plan.distributions) {
    if (distribution !== 'uniform') {
      teller.sample({ kind: 'table', distribution, values: await readDistributionTable(distribution) });
    }
    await applyLinks(real, `jitter-${distribution}`, attributesOf(distribution));
    for (let repetition = 1; repetition <= plan.repetitions; repetition++) {
      const arrivals = await sendTrain(SENDER.machine, to, { count: plan.datagrams, gap: GAP });
      teller.sample({
        ...{ kind: 'delays', distribution, latency: LATENCY, jitter: JITTER, repetition, base },
        ...{ sent: plan.datagrams, delays: arrivals.map(({ delay }) => delay - base) },
      });
    }
  }
}

function attributesOf(distribution: Distribution): string {
  const [latency, jitter] = [LATENCY, JITTER].map((one) => Duration.ofMicroseconds(one).toString());
  return `latency="${latency ?? ''}" jitter="${jitter ?? ''}" distribution="${distribution}" jitter-reorders="true"`;
}
