import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { criticalDistance, distance, even, normal } from '../../src/statistics/distribution.js';
import { mean, median } from '../../src/statistics/summary.js';
import type { Arrival } from '../../src/lab/prober/train.js';
import { burstLengths } from '../../src/evaluation/measure/measure-loss.js';
import { requireBuild } from '../lab/lab-process.js';
import { LiveLab, UML_LAB } from '../integration/live-lab.js';
import { oneHost, siteOf } from '../integration/one-host.js';
import { leaveAlone, settled } from './leave-alone.js';
import { untilQuiet } from './until-quiet.js';
import { skipInSample } from '../sample.js';
import { expectNear, expectShare } from './statistics.js';
import { sendTrain } from './train.js';

/** Two sites, and what is between them. */
const environment = (between: string, access = ''): string => `<?xml version="1.0"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="fidelity">
  ${siteOf(1).replace('</site>', `${access}</site>`)}
  ${siteOf(2)}
  ${between}
</virtual-environment>
`;
/** The link is one way, from site 1 to site 2, so that what comes back is as it was. */
const forward = (attributes: string): string =>
  environment(`<link from="site1" to="site2" direction="forward" ${attributes}/>`);

const FROM = 'proxy1';
const TO = { machine: 'proxy2', address: '10.2.0.1' };
const BACK = { machine: FROM, address: '10.1.0.1' };
const MS = 1000;
/** Times are measured so often at most: the kernel has one CPU, and the machine may have other work. */
const ATTEMPTS = 4;

interface PrintedQdisc {
  readonly kind: string;
  readonly packets: number;
  readonly drops: number;
}

describe('a link as traffic finds it', function () {
  this.timeout(240_000);
  const directory = mkdtempSync(join(tmpdir(), 'netmgr-fidelity-'));
  const real = join(directory, 'real.xml');
  let lab: LiveLab;
  /** Microseconds that a datagram takes without any delay, in the programs too. */
  let base = 0;

  before(async () => {
    requireBuild();
    writeFileSync(real, oneHost(2));
    lab = await LiveLab.start([real], {}, UML_LAB);
    // Where the machine stands still for a moment, what has arrived must have room.
    await lab.run('sysctl', '-qw', 'net.core.rmem_max=16777216');
    await leaveAlone(lab, 'host1');
    await applied('');
    base = median((await train(400, 2000)).map(({ delay }) => delay));
    process.stdout.write(`    without emulation a datagram takes ${base.toFixed(0)} us (median)\n`);
  });

  after(async () => {
    await (lab as LiveLab | undefined)?.stop();
    rmSync(directory, { recursive: true });
  });

  const applied = (attributes: string): Promise<void> => appliedText(forward(attributes));

  const appliedText = async (text: string): Promise<void> => {
    const path = `${lab.directory}/link.xml`;
    await lab.write(path, text);
    const { errors } = await lab.manage('apply', real, path);
    expect(errors).to.deep.equal([]);
  };

  const train = (count: number, gap: number, size?: number): Promise<Arrival[]> =>
    sendTrain(lab, FROM, TO, { count, gap, ...(size === undefined ? {} : { size }) });

  /** What datagrams of which none is lost are delayed, in microseconds. */
  const delays = async (count: number, gap: number): Promise<number[]> => {
    const arrivals = await train(count, gap);
    expect(arrivals).to.have.length(count);
    return arrivals.map(({ delay }) => delay - base);
  };

  const expectDistribution = (
    name: string,
    values: readonly number[],
    cumulative: (value: number) => number,
  ): void => {
    const far = distance(values, cumulative);
    process.stdout.write(`    distance from the ${name} distribution: ${far.toFixed(4)}\n`);
    expect(far).to.be.at.most(criticalDistance(values.length));
  };

  const numbers = (arrivals: readonly Arrival[]): Set<number> =>
    new Set(arrivals.map(({ number }) => number));
  const distinct = (arrivals: readonly Arrival[]): number => numbers(arrivals).size;

  /** How many arrived after one that was sent later. */
  const overtaken = (arrivals: readonly Arrival[]): number => {
    let latest = -1;
    return arrivals.filter(({ number }) => {
      const isLate = number < latest;
      latest = Math.max(latest, number);
      return isLate;
    }).length;
  };

  it('loses the share that is asked for', async () => {
    await applied('loss="10%"');
    const count = 3000;
    expectShare('lost', count - distinct(await train(count, 500)), count, 0.1);
  });

  it('lets nothing pass while it is down, and all when it is up again', async function () {
    skipInSample(this, 'a link that is down', 'test:fidelity');
    await applied('latency="5ms" state="down"');
    expect(await train(50, 1000)).to.deep.equal([]);
    await applied('latency="5ms" state="up"');
    expect(distinct(await train(50, 1000))).to.equal(50);
  });

  it('lets packets overtake each other by the jitter only where that is asked for', async function () {
    skipInSample(this, 'the order of packets with jitter', 'test:fidelity');
    const count = 1000;
    await applied('latency="20ms" jitter="10ms" jitter-reorders="true"');
    const free = await train(count, 1000);
    expect(distinct(free)).to.equal(count);
    expect(overtaken(free)).to.be.greaterThan(count / 10);
    await applied('latency="20ms" jitter="10ms"');
    const kept = await train(count, 1000);
    expect(distinct(kept)).to.equal(count);
    expect(overtaken(kept)).to.equal(0);
  });

  it('varies the delay evenly', async function () {
    skipInSample(this, 'uniform jitter', 'test:fidelity');
    const count = 1500;
    await applied('latency="20ms" jitter="10ms" jitter-reorders="true"');
    await untilQuiet(ATTEMPTS, async () => {
      expectDistribution('uniform', await delays(count, 1000), even(10 * MS, 30 * MS));
    });
  });

  it('varies the delay normally', async function () {
    skipInSample(this, 'normal jitter', 'test:fidelity');
    const count = 800;
    await applied('latency="40ms" jitter="10ms" distribution="normal" jitter-reorders="true"');
    await untilQuiet(ATTEMPTS, async () => {
      expectDistribution('normal', await delays(count, 3000), (value) =>
        normal((value - 40 * MS) / (10 * MS)),
      );
    });
  });

  for (const distribution of ['pareto', 'paretonormal'] as const) {
    it(`varies the delay by the ${distribution} distribution: more often less than the mean, and far above it`, async function () {
      skipInSample(this, `${distribution} jitter`, 'test:fidelity');
      const count = 800;
      await applied(`latency="40ms" jitter="10ms" distribution="${distribution}" jitter-reorders="true"`);
      await untilQuiet(ATTEMPTS, async () => {
        const found = await delays(count, 3000);
        expectNear('mean ms', mean(found) / MS, 40, 1);
        expect(median(found)).to.be.lessThan(mean(found));
      });
    });
  }

  it('loses in bursts by the Gilbert-Elliott model', async function () {
    skipInSample(this, 'Gilbert-Elliott', 'test:fidelity');
    const [count, p, r] = [6000, 0.02, 0.2];
    await applied('gemodel-p="2%" gemodel-r="20%"');
    const there = numbers(await train(count, 500));
    const bursts = burstLengths(there, count);
    // A burst ends with probability r at each packet: geometric.
    const sigma = Math.sqrt(1 - r) / r / Math.sqrt(bursts.length);
    expectNear('packets a burst', mean(bursts), 1 / r, 3 * sigma);
    // Successive packets depend on each other by 1 - p - r.
    const [share, dependence] = [p / (p + r), 1 - p - r];
    const spread = Math.sqrt((share * (1 - share) * (1 + dependence)) / (1 - dependence) / count);
    expectNear('lost', (count - there.size) / count, share, 3 * spread);
  });

  it('loses more often after a loss where losses are correlated, and no more in all', async function () {
    skipInSample(this, 'correlated loss', 'test:fidelity');
    const [count, share, correlation] = [6000, 0.1, 0.5];
    await applied('loss="10%" loss-correlation="50%"');
    const there = numbers(await train(count, 500));
    const isLost = (number: number): boolean => !there.has(number);
    const lost = Array.from({ length: count }, (_, number) => number).filter(isLost);
    const spread = Math.sqrt((share * (1 - share) * (1 + correlation)) / (1 - correlation) / count);
    expectNear('lost', lost.length / count, share, 3 * spread);
    const followed = lost.filter((number) => number + 1 < count);
    // What follows a loss is lost with the share, and the correlation for what is left.
    expectShare(
      'lost after a loss',
      followed.filter((number) => isLost(number + 1)).length,
      followed.length,
      share + correlation * (1 - share),
    );
  });

  it('loses in each state of Gilbert-Elliott what is asked for it', async function () {
    skipInSample(this, 'the states of Gilbert-Elliott', 'test:fidelity');
    const [count, p, r, bad, good] = [6000, 0.05, 0.2, 0.6, 0.02];
    await applied('gemodel-p="5%" gemodel-r="20%" gemodel-bad="60%" gemodel-good="2%"');
    const lost = count - distinct(await train(count, 500));
    const [inBad, dependence] = [p / (p + r), 1 - p - r];
    const share = inBad * bad + (1 - inBad) * good;
    // Packets depend on each other by the state alone, whose memory fades by the dependence at each.
    const together = (bad - good) ** 2 * inBad * (1 - inBad) * (dependence / (1 - dependence));
    const spread = Math.sqrt((share * (1 - share) + 2 * together) / count);
    expectNear('lost', lost / count, share, 3 * spread);
  });

  it('doubles the share that is asked for', async function () {
    skipInSample(this, 'duplication', 'test:fidelity');
    await applied('duplicate="5%"');
    const count = 3000;
    const arrivals = await train(count, 500);
    expect(distinct(arrivals)).to.equal(count);
    expectShare('doubled', arrivals.length - count, count, 0.05);
  });

  it('corrupts the share that is asked for, which the checksums find', async function () {
    skipInSample(this, 'corruption', 'test:fidelity');
    await applied('corrupt="5%"');
    const count = 3000;
    // Of 242 octets 6, the sender's MAC address, are in no checksum.
    expectShare('lost', count - distinct(await train(count, 500)), count, 0.05 * (1 - 6 / 242));
  });

  it('sends the share that is asked for ahead', async function () {
    skipInSample(this, 'reordering', 'test:fidelity');
    await applied('latency="40ms" reorder="20%"');
    const count = 2000;
    await untilQuiet(ATTEMPTS, async () => {
      const arrivals = await train(count, 1000);
      expect(distinct(arrivals)).to.equal(count);
      expectShare('ahead', arrivals.filter(({ delay }) => delay < 20 * MS).length, count, 0.2);
    });
  });

  it('sends only one of each gap ahead', async function () {
    skipInSample(this, 'reordering with a gap', 'test:fidelity');
    await applied('latency="40ms" reorder="100%" reorder-gap="4"');
    const count = 400;
    await untilQuiet(ATTEMPTS, async () => {
      const arrivals = await train(count, 1000);
      expect(distinct(arrivals)).to.equal(count);
      const ahead = arrivals.filter(({ delay }) => delay < 20 * MS).map(({ number }) => number);
      ahead.sort((a, b) => a - b);
      const apart = ahead.slice(1).map((number, i) => number - (ahead[i] ?? 0));
      process.stdout.write(`    ${String(ahead.length)} of ${String(count)} ahead\n`);
      // Another packet between, such as one that asks for a neighbour, may be the one that goes ahead.
      expect(apart.filter((distance) => distance !== 4).length).to.be.at.most(2);
      expect(ahead.length).to.be.within(count / 4 - 2, count / 4 + 2);
    });
  });

  it('has as many packets under way as is asked for, and drops others', async function () {
    skipInSample(this, 'the limit of packets under way', 'test:fidelity');
    await applied('latency="200ms" limit="50"');
    await untilQuiet(ATTEMPTS, async () => {
      const arrivals = await train(200, 0);
      process.stdout.write(`    of 200 at once ${String(arrivals.length)} arrived\n`);
      // One that asks for a neighbour may be under way too.
      expect(arrivals.length).to.be.within(48, 50);
    });
  });

  it('loses packets of the wire, not super-packets, where TCP uses offloads', async function () {
    skipInSample(this, 'loss of TCP', 'test:fidelity');
    await applied('bandwidth="100mbit" loss="1%"');
    const [segments, before] = [await tcpSegments(), await netemCounts()];
    await goodput();
    const [sent, after] = [(await tcpSegments()) - segments, await netemCounts()];
    const [passed, dropped] = [after.packets - before.packets, after.drops - before.drops];
    process.stdout.write(
      `    TCP sent ${String(sent)} segments, netem saw ${String(passed + dropped)} packets\n`,
    );
    expect((passed + dropped) / sent).to.be.within(0.98, 1.02);
    expectShare('lost', dropped, passed + dropped, 0.01);
  });

  for (const [framing, share] of [
    // 1448 octets of data with time stamps in a frame of 1514, or in 1538 with preamble, check sum and gap.
    ['frame', 1448 / 1514],
    ['ethernet', 1448 / 1538],
  ] as const) {
    it(`has the bandwidth with the framing ${framing}`, async function () {
      skipInSample(this, `bandwidth with the framing ${framing}`, 'test:fidelity');
      await applied(`bandwidth="20mbit" framing="${framing}"`);
      await settled();
      await untilQuiet(ATTEMPTS, async () => {
        expectNear('Mbit/s of data', (await goodput()) / 1e6, 20 * share, 20 * share * 0.005);
      });
    });
  }

  // Frames of 1514 octets: 20 of them have 30,280, which take 242,240 microseconds.
  for (const queue of ['20packets', '30280B', '242240us']) {
    it(`lets as much wait as is asked for with ${queue}, and a short burst at once`, async function () {
      skipInSample(this, `the queue ${queue}`, 'test:fidelity');
      await applied(`bandwidth="1mbit" queue="${queue}" burst="4542B"`);
      // Three pass at once, 20 wait, and one is sent while the others come.
      // The longer the sender takes for them, the more are sent meanwhile.
      await untilQuiet(ATTEMPTS, async () => {
        const arrivals = await train(200, 0, 1472);
        process.stdout.write(`    of 200 at once ${String(arrivals.length)} arrived\n`);
        expect(arrivals.length).to.be.within(22, 28);
        expect(arrivals.filter(({ delay }) => delay - base < 6 * MS).length).to.be.at.most(4);
      });
    });
  }

  it('has lines of sites that differ by direction', async function () {
    skipInSample(this, 'lines that differ by direction', 'test:fidelity');
    const access = '<access><sent latency="30ms" loss="10%"/><received latency="5ms"/></access>';
    await appliedText(environment('<link from="site1" to="site2"/>', access));
    const count = 1000;
    await untilQuiet(ATTEMPTS, async () => {
      const there = await train(count, 1000);
      expectShare('lost there', count - distinct(there), count, 0.1);
      expectNear('ms there', (median(there.map(({ delay }) => delay)) - base) / MS, 30, 0.5);
      const back = await sendTrain(lab, TO.machine, BACK, { count, gap: 1000 });
      expect(distinct(back), 'back').to.equal(count);
      expectNear('ms back', (median(back.map(({ delay }) => delay)) - base) / MS, 5, 0.5);
    });
  });

  const netemCounts = async (): Promise<PrintedQdisc> => {
    const qdiscs = JSON.parse(await lab.at('host1', 'tc -s -j qdisc show dev vif2.0')) as PrintedQdisc[];
    const netem = qdiscs.find(({ kind }) => kind === 'netem');
    if (netem === undefined) throw new Error('there is no netem');
    return netem;
  };

  const tcpSegments = async (): Promise<number> => {
    const text = await lab.at(FROM, 'cat /proc/net/snmp');
    const [names = [], values = []] = [...text.matchAll(/^Tcp: (.*)$/gm)].map(([, words = '']) =>
      words.split(' '),
    );
    return Number(values[names.indexOf('OutSegs')]);
  };

  /** Bits per second of data. */
  const goodput = (): Promise<number> =>
    lab.order({ type: 'throughput', flow: { from: FROM, to: TO.machine, address: TO.address }, seconds: 10 });
});
