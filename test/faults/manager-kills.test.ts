import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { skipWithoutRoot } from '../integration/live-lab.js';
import { PAIR } from '../integration/live-lab.js';
import { FaultyPair } from './faulty-pair.js';
import { sampled } from '../sample.js';
import { HOSTS, opposite, type Name } from './two-configurations.js';

const KILLED_MANAGER = fileURLToPath(new URL('killed-manager.ts', import.meta.url));
const DECISIONS = '/run/netmgr-lab/manager/decisions';
/** What `sh` says of a command that SIGKILL has ended. */
const KILLED = 137;

/** When a manager is killed, and what is run then. */
interface Kill {
  readonly at: number;
  /** Milliseconds after the step has begun, so that a request is on its way; undefined: before it. */
  readonly after?: number;
  readonly step: string;
  readonly next: 'apply' | 'status';
}

describe('a manager that is killed', function () {
  let pair: FaultyPair;
  let running: Name = 'one';
  const counts = { kills: 0, decided: 0, old: 0, new: 0 };

  before(async function () {
    skipWithoutRoot(this, 'killed managers');
    pair = await FaultyPair.start();
  });

  after(async () => {
    process.stdout.write(
      `    managers killed: ${String(counts.kills)} times, ${String(counts.decided)} times after the decision; status alone then led to the old configuration ${String(counts.old)} times, to the new one ${String(counts.new)} times\n`,
    );
    await pair.lab.stop();
  });

  const apply = async (at: number, after?: number): Promise<{ exitCode: number; stdout: string }> => {
    const { exitCode, stdout, stderr } = await pair.lab.try([
      ...(['sh', '-c', '"$@"; exit $?', 'sh', process.execPath, '--import'] as const),
      ...[import.meta.resolve('tsx'), KILLED_MANAGER, PAIR, pair.files[opposite(running)], String(at)],
      ...(after === undefined ? [] : [String(after)]),
    ]);
    expect(stderr.replace(/^Killed$/m, '').trim()).to.equal('');
    return { exitCode, stdout };
  };

  const decisions = async (): Promise<string[]> => {
    const { stdout } = await pair.lab.try(['ls', DECISIONS]);
    return stdout.split('\n').filter((name) => name !== '');
  };

  const owners = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const host of HOSTS) {
      const owner = await pair.lab.run('snmpget', '-Oqv', host, 'NETEMU-MIB::netemuCfgOwner.0');
      found.push(owner.trim().replaceAll('"', ''));
    }
    return found;
  };

  /** Status alone: completes what was decided, and what was not ends by itself. */
  const seeWithStatus = async (target: Name, isDecided: boolean): Promise<void> => {
    const { exitCode, stdout, stderr } = await pair.lab.try([
      'netmgr',
      'status',
      PAIR,
      '--json',
      '--no-rates',
    ]);
    expect(exitCode, stdout + stderr).to.equal(0);
    const report = JSON.parse(stdout) as { decisions: { hosts: { outcome: string }[] }[] };
    expect(report.decisions).to.have.lengthOf(isDecided ? 1 : 0);
    const now = await pair.settled();
    if (isDecided) expect(now).to.equal(target);
    counts[now === target ? 'new' : 'old']++;
    await pair.expectExactly(now);
  };

  const kill = async ({ at, after, next }: Kill): Promise<void> => {
    const target = opposite(running);
    const { exitCode, stdout } = await apply(at, after);
    expect([KILLED, 0]).to.include(exitCode);
    if (exitCode === KILLED) {
      counts.kills++;
      const left = await decisions();
      const isDecided = left.some((name) => name.endsWith('.json'));
      if (isDecided) counts.decided++;
      if (next === 'status') await seeWithStatus(target, isDecided);
    } else expect(stdout).to.match(/^\[/);
    expect(await pair.apply(target)).to.deep.equal({ ok: true, errors: [] });
    await pair.expectExactly(target);
    expect((await decisions()).filter((name) => !name.endsWith('.new'))).to.deep.equal([]);
    expect(await owners()).to.deep.equal(['', '']);
    running = target;
  };

  it('at any step of an apply leaves hosts that the next apply or status makes the same', async function () {
    this.timeout(120_000);
    const kills: Kill[] = [];
    // There and back: the two ways have different steps.
    for (let way = 0; way < 2; way++) {
      const { exitCode, stdout } = await apply(0);
      expect(exitCode).to.equal(0);
      running = opposite(running);
      expect(await pair.settled()).to.equal(running);
      const steps = JSON.parse(stdout) as string[];
      const next = way === 0 ? 'apply' : 'status';
      kills.push(...steps.map((step, i) => ({ at: i + 1, step, next }) as const));
      kills.push(
        ...steps.flatMap((step, i) =>
          step.startsWith('set') ? [{ at: i + 1, after: 2, step: `${step}, sent`, next } as const] : [],
        ),
      );
    }
    const chosen = sampled(kills, 1);
    this.timeout(120_000 + chosen.length * 60_000);
    process.stdout.write(
      `    ${String(chosen.length)} of ${String(kills.length)} places to kill a manager at\n`,
    );
    for (const one of chosen) {
      try {
        await kill(one);
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        throw new Error(`${String(one.at)}, ${one.step}, then ${one.next}: ${words}`, { cause: error });
      }
    }
  });
});
