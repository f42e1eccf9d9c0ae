import { expect } from 'chai';
import { skipWithoutRoot } from '../integration/live-lab.js';
import type { Fault } from './fault.js';
import { FaultyPair } from './faulty-pair.js';
import { sampled, skipInSample } from '../sample.js';
import { HOSTS, opposite, type HostName, type Name } from './two-configurations.js';

/** A step of the agent, between two of its effects on the world, and what is to happen to the others. */
interface Kill {
  /** What ran before. */
  readonly from: Name;
  readonly host: HostName;
  readonly step: string;
  readonly fault: Fault;
  /** What goes wrong on the other host. */
  readonly other?: Fault;
}

describe('an agent that is killed', function () {
  let pair: FaultyPair;
  let running: Name = 'one';
  const counts = { kills: 0, old: 0, new: 0 };

  before(async function () {
    skipWithoutRoot(this, 'killed agents');
    pair = await FaultyPair.start();
  });

  after(async () => {
    process.stdout.write(
      `    agents killed: ${String(counts.kills)} times; the hosts then ran the old configuration ${String(counts.old)} times, the new one ${String(counts.new)} times\n`,
    );
    await pair.lab.stop();
  });

  /** The steps that a host's agent takes when the hosts are led to the other configuration. */
  const stepsOf = async (host: HostName, other?: Fault): Promise<readonly string[]> => {
    await pair.arm(host, {});
    if (other !== undefined) await pair.arm(otherThan(host), other);
    const target = opposite(running);
    const { ok } = await pair.apply(target);
    expect(ok).to.equal(other === undefined);
    running = await pair.settled();
    expect(running).to.equal(ok ? target : opposite(target));
    return pair.disarm(host);
  };

  const kill = async ({ from, host, step, fault, other }: Kill): Promise<void> => {
    if (running !== from) expect((await pair.apply(from)).ok).to.equal(true);
    running = from;
    const target = opposite(running);
    await pair.arm(host, fault);
    if (other !== undefined) await pair.arm(otherThan(host), other);
    const { ok, errors } = await pair.apply(target);
    const lives = depthOf(fault);
    await pair.expectTruth();
    await pair.rest();
    expect(await pair.isArmed(host), 'it was killed').to.equal(false);
    const now = await pair.settled();
    if (process.env['NETMGR_FAULTS_LOG'] === '1')
      process.stdout.write(
        `      ${step}: ${ok ? 'applied' : errors.map(({ message }) => message).join('; ')} -> ${now === target ? 'new' : 'old'}\n`,
      );
    counts.kills += lives;
    counts[now === target ? 'new' : 'old']++;
    // Success is success; a failure may be reported of what is completed later, but never of what is not.
    if (ok) expect(now).to.equal(target);
    else expect(errors.length).to.be.greaterThan(0);
    await pair.expectExactly(now);
    expect(await pair.apply(target)).to.deep.equal({ ok: true, errors: [] });
    await pair.expectExactly(target);
    running = target;
  };

  const killAtAll = async (context: Mocha.Context, kills: readonly Kill[]): Promise<void> => {
    const chosen = sampled(kills, 1);
    process.stdout.write(
      `    ${String(chosen.length)} of ${String(kills.length)} steps to kill an agent at\n`,
    );
    context.timeout(60_000 + chosen.length * 60_000);
    for (const one of chosen) {
      try {
        await kill(one);
      } catch (error) {
        // What comes next begins with what is there.
        running = await pair.settled();
        throw new Error(
          `${one.host}, ${one.step}: ${error instanceof Error ? error.message : String(error)}`,
          {
            cause: error,
          },
        );
      }
    }
  };

  for (const host of sampled(HOSTS, 1)) {
    it(`at any step of a commit leaves the hosts whole (${host})`, async function () {
      this.timeout(120_000);
      // There and back: the two ways have different steps.
      const ways: Kill[][] = [];
      for (let way = 0; way < 2; way++) {
        const from = running;
        const steps = await stepsOf(host);
        ways.push(steps.map((step, i) => ({ from, host, step, fault: { at: i + 1 } })));
      }
      await killAtAll(this, alternating(ways));
    });
  }

  it('at any step of a rollback leaves the hosts whole', async function () {
    this.timeout(120_000);
    const other = { fails: 'tc' };
    const from = running;
    const steps = await stepsOf('host2', other);
    const committed = nth(steps, 'sync the directory of state.json', 2);
    const kills = steps.map((step, i) => ({
      from,
      host: 'host2' as const,
      step,
      fault: { at: i + 1 },
      other,
    }));
    await killAtAll(this, kills.slice(committed + 1));
  });

  it('at any step of the recovery from being killed leaves the hosts whole', async function () {
    skipInSample(this, 'an agent that is killed while it recovers');
    this.timeout(120_000);
    const steps = await stepsOf('host2');
    const last = steps.findLastIndex((step) => step.startsWith('after ')) + 1;
    expect((await pair.apply(opposite(running))).ok).to.equal(true);
    const from = (running = opposite(running));
    await pair.arm('host2', { at: last, next: {} });
    await pair.apply(opposite(running));
    running = await pair.settled();
    const all = await pair.disarm('host2');
    const recovery = all.slice(last);
    expect(recovery.length).to.be.greaterThan(0);
    const kills = recovery.map((step, i) => ({
      from,
      host: 'host2' as const,
      step: `in recovery ${step}`,
      fault: { at: last, next: { at: i + 1 } },
    }));
    await killAtAll(this, kills);
  });
});

/** The first of each, then the second of each. */
function alternating<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

const otherThan = (host: HostName): HostName => (host === 'host1' ? 'host2' : 'host1');

function depthOf(fault: Fault): number {
  return (fault.at === undefined ? 0 : 1) + (fault.next === undefined ? 0 : depthOf(fault.next));
}

/** Where the nth of a step is. */
function nth(steps: readonly string[], step: string, count: number): number {
  const places = steps.flatMap((one, i) => (one === step ? [i] : []));
  const place = places[count - 1];
  if (place === undefined) throw new Error(`there is no ${String(count)}th "${step}"`);
  return place;
}
