import { z } from 'zod';
import { measureThroughput } from '../../lab/prober/measure-throughput.js';
import { sendTrain } from '../../lab/prober/send-train.js';
import { run } from '../../process/run.js';
import type { Plan } from '../plan.js';
import { applyLinks, RECEIVERS, SENDER, type Actor } from './stage.js';
import type { Teller } from './teller.js';

const RANDOM = { rate: 100e6, loss: 0.01, seconds: 8 };
const BURSTS = { p: 0.02, r: 0.2, count: 6000, gap: 500 };

/** What links lose: of TCP's packets by chance, and of datagrams in bursts. */
export async function measureLoss(real: string, plan: Plan, teller: Teller): Promise<void> {
  await applyLinks(real, 'loss-random', 'bandwidth="100mbit" loss="1%"');
  for (let repetition = 1; repetition <= plan.repetitions; repetition++) {
    await measureRandom(repetition, teller);
  }
  await applyLinks(real, 'loss-bursts', 'gemodel-p="2%" gemodel-r="20%"');
  for (let repetition = 1; repetition <= plan.repetitions; repetition++) {
    await measureBursts(repetition, teller);
  }
}

async function measureRandom(repetition: number, teller: Teller): Promise<void> {
  const to = RECEIVERS.local.tcp;
  const [segments, before] = [await tcpSegments(), await netemCounts(to)];
  const goodput = await measureThroughput(
    { from: SENDER.machine, to: to.machine, address: to.address },
    RANDOM.seconds,
  );
  const after = await netemCounts(to);
  teller.sample({
    ...{ kind: 'random-loss', repetition, asked: RANDOM.loss, rate: RANDOM.rate, goodput },
    segments: (await tcpSegments()) - segments,
    passed: after.packets - before.packets,
    dropped: after.drops - before.drops,
  });
}

async function measureBursts(repetition: number, teller: Teller): Promise<void> {
  const { p, r, count, gap } = BURSTS;
  const arrivals = await sendTrain(SENDER.machine, RECEIVERS.local.udp, { count, gap });
  const there = new Set(arrivals.map(({ number }) => number));
  teller.sample({
    ...{ kind: 'burst-loss', repetition, p, r, sent: count, lost: count - there.size },
    lengths: burstLengths(there, count),
  });
}

/** How many in a row are missing, for each time that some are. */
export function burstLengths(there: ReadonlySet<number>, count: number): number[] {
  const lengths: number[] = [];
  let length = 0;
  for (let number = 0; number <= count; number++) {
    if (number < count && !there.has(number)) length++;
    else if (length > 0) {
      lengths.push(length);
      length = 0;
    }
  }
  return lengths;
}

const qdiscs = z.array(z.object({ kind: z.string(), packets: z.number(), drops: z.number() }));

/** What NetEm has let pass and dropped, of all that a machine receives. */
async function netemCounts({ host, vif }: Actor): Promise<{ packets: number; drops: number }> {
  const { stdout } = await run(['ip', 'netns', 'exec', host, 'tc', '-s', '-j', 'qdisc', 'show', 'dev', vif], {
    subject: `${host}/${vif}`,
  });
  const netems = qdiscs.parse(JSON.parse(stdout)).filter(({ kind }) => kind === 'netem');
  return netems.reduce(
    (sum, { packets, drops }) => ({ packets: sum.packets + packets, drops: sum.drops + drops }),
    { packets: 0, drops: 0 },
  );
}

/** Segments that the sender's TCP has sent, from /proc/net/snmp (RFC 4022). */
async function tcpSegments(): Promise<number> {
  const { stdout } = await run(['ip', 'netns', 'exec', SENDER.machine, 'cat', '/proc/net/snmp'], {
    subject: SENDER.machine,
  });
  const [names = [], values = []] = [...stdout.matchAll(/^Tcp: (.*)$/gm)].map(([, words = '']) =>
    words.split(' '),
  );
  return Number(values[names.indexOf('OutSegs')]);
}
