import { expect } from 'chai';
import { requireBuild } from '../lab/lab-process.js';
import { UML_LAB } from '../integration/live-lab.js';
import { FaultyPair } from './faulty-pair.js';
import { HOSTS, opposite, type Name } from './two-configurations.js';
import { isAll, skipInSample } from '../sample.js';

const APPLIES = 20;
/** Seconds that an agent in a User-Mode Linux kernel may take to examine its own on a busy machine. */
const ANSWER = 20;
const BADNESS = ['loss', '20%', 'duplicate', '20%', 'delay', '20ms', '15ms'];
/** Both ends of each host's cable to the manager; each treats what it sends. */
const ENDS = HOSTS.flatMap((host, i) => [
  { tc: ['-n', host], device: 'mgmt0' },
  { tc: [], device: `m${String(i)}` },
]);

describe('a management network that loses, doubles and reorders, by netem', function () {
  let pair: FaultyPair;
  const counts = { applies: 0, sent: 0, dropped: 0 };

  before(async function () {
    skipInSample(this, 'a bad management network by netem');
    // A User-Mode Linux kernel takes its time on a busy machine.
    this.timeout(900_000);
    requireBuild();
    pair = await FaultyPair.start(UML_LAB, ANSWER);
  });

  after(async () => {
    if (!isAll || (pair as FaultyPair | undefined) === undefined) return;
    const { applies, sent, dropped } = counts;
    process.stdout.write(
      `    applies: ${String(applies)}; packets sent: ${String(sent)}, lost: ${String(dropped)}\n`,
    );
    await pair.lab.stop();
  });

  const worsen = async (): Promise<void> => {
    for (const { tc, device } of ENDS) {
      await pair.lab.run('tc', ...tc, 'qdisc', 'add', 'dev', device, 'root', 'netem', ...BADNESS);
    }
  };

  /** Makes the network good again, so that what is looked at is not the network. */
  const mend = async (): Promise<void> => {
    for (const { tc, device } of ENDS) {
      const text = await pair.lab.run('tc', ...tc, '-s', 'qdisc', 'show', 'dev', device);
      const [, sent = '', dropped = ''] = /Sent \d+ bytes (\d+) pkt \(dropped (\d+)/.exec(text) ?? [];
      counts.sent += Number(sent);
      counts.dropped += Number(dropped);
      await pair.lab.run('tc', ...tc, 'qdisc', 'del', 'dev', device, 'root');
    }
  };

  it('does no harm: each apply does what it says', async function () {
    this.timeout(300_000 * (APPLIES + 1));
    let running: Name = 'one';
    for (let i = 0; i < APPLIES; i++) {
      const target = opposite(running);
      await worsen();
      const outcome = await pair.apply(target).finally(mend);
      counts.applies++;
      expect(outcome).to.deep.equal({ ok: true, errors: [] });
      expect(await pair.settled()).to.equal(target);
      await pair.expectExactly(target);
      running = target;
    }
    expect(counts.dropped).to.be.greaterThan(0);
  });
});
