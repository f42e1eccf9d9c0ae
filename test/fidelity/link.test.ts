import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { criticalDistance, distance, even, normal } from '../../src/statistics/distribution.js';
import { mean, median } from '../../src/statistics/summary.js';
import type { Arrival } from '../../src/lab/prober/train.js';
import { requireBuild } from '../lab/lab-process.js';
import { LiveLab, UML_LAB } from '../integration/live-lab.js';
import { oneHost, siteOf } from '../integration/one-host.js';
import { untilQuiet } from './until-quiet.js';
import { skipInSample } from '../sample.js';
import { expectNear, expectShare } from './statistics.js';
import { sendTrain } from './train.js';

/** The link is one way, from site 1 to site 2, so that what comes back is as it was. */
const environment = (attributes: string): string => `<?xml version="1.0"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="fidelity">
  ${[1, 2].map(siteOf).join('\n  ')}
  <link from="site1" to="site2" direction="forward" ${attributes}/>
</virtual-environment>
`;

const FROM = 'proxy1';
const TO = { machine: 'proxy2', address: '10.2.0.1' };
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
    await applied('');
    base = median((await train(400, 2000)).map(({ delay }) => delay));
    process.stdout.write(`    without emulation a datagram takes ${base.toFixed(0)} us (median)\n`);
  });

  after(async () => {
    await (lab as LiveLab | undefined)?.stop();
    rmSync(directory, { recursive: true });
  });

  const applied = async (attributes: string): Promise<void> => {
    const path = `${lab.directory}/link.xml`;
    await lab.write(path, environment(attributes));
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

  const distinct = (arrivals: readonly Arrival[]): number =>
    new Set(arrivals.map(({ number }) => number)).size;

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

  it('lets nothing pass while it is down, and all when it is up again', async () => {
    await applied('latency="5ms" state="down"');
    expect(await train(50, 1000)).to.deep.equal([]);
    await applied('latency="5ms" state="up"');
    expect(distinct(await train(50, 1000))).to.equal(50);
  });

  it('lets packets overtake each other by the jitter only where that is asked for', async () => {
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
    const there = new Set((await train(count, 500)).map(({ number }) => number));
    const bursts: number[] = [];
    let length = 0;
    for (let number = 0; number <= count; number++) {
      if (number < count && !there.has(number)) length++;
      else if (length > 0) {
        bursts.push(length);
        length = 0;
      }
    }
    // A burst ends with probability r at each packet: geometric.
    const sigma = Math.sqrt(1 - r) / r / Math.sqrt(bursts.length);
    expectNear('packets a burst', mean(bursts), 1 / r, 3 * sigma);
    // Successive packets depend on each other by 1 - p - r.
    const [share, dependence] = [p / (p + r), 1 - p - r];
    const spread = Math.sqrt((share * (1 - share) * (1 + dependence)) / (1 - dependence) / count);
    expectNear('lost', (count - there.size) / count, share, 3 * spread);
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
      await untilQuiet(ATTEMPTS, async () => {
        expectNear('Mbit/s of data', (await goodput()) / 1e6, 20 * share, 20 * share * 0.005);
      });
    });
  }

  it('lets as much wait as is asked for, and a short burst at once', async function () {
    skipInSample(this, 'queues and bursts', 'test:fidelity');
    await applied('bandwidth="1mbit" queue="20packets" burst="4542B"');
    // Frames of 1514 octets: three pass at once, 20 wait, and one is sent while the others come.
    // The longer the sender takes for them, the more are sent meanwhile.
    await untilQuiet(ATTEMPTS, async () => {
      const arrivals = await train(200, 0, 1472);
      process.stdout.write(`    of 200 at once ${String(arrivals.length)} arrived\n`);
      expect(arrivals.length).to.be.within(22, 27);
      expect(arrivals.filter(({ delay }) => delay - base < 6 * MS).length).to.be.at.most(4);
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
