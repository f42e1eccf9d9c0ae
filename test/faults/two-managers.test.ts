import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { PAIR, skipWithoutRoot, type LiveLab } from '../integration/live-lab.js';
import { FaultyPair } from './faulty-pair.js';
import { isAll, sampled, skipInSample } from '../sample.js';
import { HOSTS, opposite, type Name } from './two-configurations.js';

const MANAGER = fileURLToPath(new URL('killed-manager.ts', import.meta.url));
const ROUNDS = isAll ? 12 : 2;
const PID = '/run/netmgr-lab/manager.pid';
const WORDS = '/run/netmgr-lab/manager.words';
/** Seconds that the lock of a dead manager lasts: longer than the next one takes to start. */
const LOCK = '12';
/** Milliseconds for something to happen that needs no timer. */
const PATIENCE = 30_000;

type Ended = Awaited<ReturnType<LiveLab['try']>>;

describe('two managers at once', function () {
  let pair: FaultyPair;
  let running: Name = 'one';
  const counts = { stopped: 0, locked: 0, waited: 0, refused: 0, dead: 0, races: 0 };

  before(async function () {
    skipWithoutRoot(this, 'two managers');
    pair = await FaultyPair.start();
  });

  after(async () => {
    const { stopped, locked, waited, refused, dead, races } = counts;
    process.stdout.write(
      `    managers held up in the middle: ${String(stopped)}, ${String(locked)} of them with hosts locked; others waited ${String(waited)} times and were refused ${String(refused)} times; locks of dead managers: ${String(dead)}; races: ${String(races)}\n`,
    );
    await pair.lab.stop();
  });

  /** Starts a manager that gets a signal before one of its steps; fulfils when it has ended. */
  const start = (
    name: Name,
    at: number | 'decided',
    signal: string,
    ...times: readonly string[]
  ): Promise<Ended> =>
    pair.lab.try([
      ...([
        'sh',
        '-c',
        `"$@" & echo $! > ${PID}; wait $!; exit $?`,
        'sh',
        process.execPath,
        '--import',
      ] as const),
      ...[import.meta.resolve('tsx'), MANAGER, PAIR, pair.files[name], String(at), '', signal, ...times],
    ]);

  const stepsTo = async (name: Name): Promise<readonly string[]> => {
    const { exitCode, stdout, stderr } = await start(name, 0, 'SIGSTOP');
    expect(exitCode, stderr).to.equal(0);
    return JSON.parse(stdout) as string[];
  };

  const owners = async (): Promise<string[]> => {
    const found = await Promise.all(
      HOSTS.map((host) => pair.lab.run('snmpget', '-Oqv', host, 'NETEMU-MIB::netemuCfgOwner.0')),
    );
    return found.map((owner) => owner.trim().replaceAll('"', '')).filter((owner) => owner !== '');
  };

  beforeEach(async () => {
    running = await pair.settled();
  });

  const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    const deadline = Date.now() + PATIENCE;
    while (!(await isSo())) {
      if (Date.now() > deadline) throw new Error(`it did not come to pass that ${what}`);
      await delay(100);
    }
  };

  /** The owners once the agents have done what was still under way. */
  const steadyOwners = async (): Promise<string[]> => {
    let held = await owners();
    await until('the agents have done what was sent', async () => {
      await delay(500);
      const before = held;
      held = await owners();
      return held.join() === before.join();
    });
    return held;
  };

  const isStopped = async (): Promise<boolean> => {
    const { stdout } = await pair.lab.try(['sh', '-c', `ps -o stat= -p "$(cat ${PID})"`]);
    return stdout.startsWith('T');
  };

  /** `netmgr apply`, whose words can be read while it runs. */
  const applyAloud = async (name: Name): Promise<Ended> =>
    pair.lab.try(['sh', '-c', `exec netmgr apply "$@" 2> ${WORDS}`, 'sh', PAIR, pair.files[name]]);

  const words = async (): Promise<string> => (await pair.lab.try(['cat', WORDS])).stdout;

  const hold = async (at: number): Promise<void> => {
    const target = opposite(running);
    await pair.lab.run('rm', '-f', PID, WORDS);
    const first = start(target, at, 'SIGSTOP');
    const stops = until('the first one stands still', isStopped).then(() => undefined);
    const ended = await Promise.race([first, stops]);
    if (ended !== undefined) {
      // It has fewer steps than the other way.
      expect(ended.exitCode, ended.stderr).to.equal(0);
      running = target;
      stops.catch(() => undefined);
      return;
    }
    counts.stopped++;
    // A manager has another name at each host.
    const held = await steadyOwners();
    const isNamed = (text: string): boolean => held.some((owner) => text.includes(owner));
    if (held.length === 0) {
      // Nothing is locked yet, or any more: the other one comes first, and the first one last.
      const { exitCode } = await applyAloud(running);
      expect(exitCode, await words()).to.equal(0);
    } else {
      counts.locked++;
      const { ok, errors } = await pair.apply(running, '--no-wait');
      expect(ok).to.equal(false);
      expect(errors.length).to.be.greaterThan(0);
      for (const { kind, message } of errors) {
        expect(kind).to.equal('Conflict');
        expect(isNamed(message), message).to.equal(true);
      }
      counts.refused++;
    }
    const second = held.length === 0 ? undefined : applyAloud(running);
    if (second !== undefined) {
      await until('the second one says for whom it waits', async () => isNamed(await words()));
      counts.waited++;
    }
    await pair.lab.run('sh', '-c', `kill -CONT "$(cat ${PID})"`);
    const { exitCode, stderr } = await first;
    expect(exitCode, stderr).to.equal(0);
    if (second !== undefined) expect((await second).exitCode, await words()).to.equal(0);
    const last = second === undefined ? await pair.settled() : running;
    expect(await pair.settled()).to.equal(last);
    await pair.expectExactly(last);
    expect(await owners()).to.deep.equal([]);
    running = last;
  };

  it('wait for each other, at whatever step, and say for whom; --no-wait fails', async function () {
    skipInSample(this, 'managers held up at every step');
    this.timeout(120_000);
    const steps = await stepsTo(opposite(running));
    running = await pair.settled();
    const chosen = sampled(steps.map((step, i) => ({ step, at: i + 1 })));
    this.timeout(120_000 + chosen.length * 60_000);
    for (const { step, at } of chosen) {
      try {
        await hold(at);
      } catch (error) {
        await pair.lab.try(['sh', '-c', `kill -9 "$(cat ${PID})"`]);
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`held up before ${step}: ${reason}`, { cause: error });
      }
    }
  });

  it('do not wait for ever for one that is dead: its lock expires', async function () {
    skipInSample(this, 'a lock that expires');
    this.timeout(180_000);
    const target = opposite(running);
    const steps = await stepsTo(target);
    running = target;
    // The SETs after the first one find the hosts locked.
    const sets = steps.flatMap((step, i) => (step.startsWith('set') ? [i + 1] : [])).slice(HOSTS.length);
    const chosen = sampled(sets);
    this.timeout(180_000 + chosen.length * 60_000);
    for (const at of chosen) {
      await pair.lab.run('rm', '-f', WORDS);
      const { exitCode } = await start(opposite(running), at, 'SIGKILL', LOCK);
      if (exitCode === 0) {
        // It had fewer steps than the other way.
        running = opposite(running);
        continue;
      }
      const held = await steadyOwners();
      const wanted = opposite(running);
      const second = await applyAloud(wanted);
      const said = await words();
      expect(second.exitCode, said).to.equal(0);
      if (held.length > 0) {
        counts.dead++;
        // By its session, or by its name if it had decided, which is only to be finished.
        const names = held.map((owner) => owner.replace(/ \w+$/, ''));
        const isNamed = names.some((name) => said.includes(name));
        expect(isNamed, said).to.equal(true);
      }
      expect(await pair.settled()).to.equal(wanted);
      await pair.expectExactly(wanted);
      expect(await owners()).to.deep.equal([]);
      running = wanted;
    }
  });

  /** Stops a manager that has decided, with short timers, before it confirms. */
  const stopDecided = async (): Promise<{ readonly ended: Promise<Ended> }> => {
    await pair.apply('one');
    await pair.lab.run('rm', '-f', PID);
    const ended = start('other', 'decided', 'SIGSTOP', '2', '3');
    await until('the first one stands still', isStopped);
    counts.stopped++;
    return { ended };
  };

  const goOn = (): Promise<unknown> => pair.lab.run('sh', '-c', `kill -CONT "$(cat ${PID})"`);

  it('of which one stands still after its decision until the hosts have gone back: it leads them there', async function () {
    skipInSample(this, 'a manager that stands still until hosts have gone back');
    this.timeout(180_000);
    const { ended } = await stopDecided();
    expect(await pair.settled()).to.equal('one');
    await goOn();
    const { exitCode, stderr } = await ended;
    expect(exitCode, stderr).to.equal(0);
    expect(await pair.settled()).to.equal('other');
    await pair.expectExactly('other');
    running = 'other';
  });

  it('of which one stands still after its decision while one elsewhere applies: that stays, on all hosts', async function () {
    this.timeout(180_000);
    const { ended } = await stopDecided();
    // At host2 it wants what that ran before.
    const third = `${pair.lab.directory}/third.xml`;
    const access = '$1><access bandwidth="30mbit"/></node>';
    const text = await pair.lab.read(pair.files.one);
    await pair.lab.write(third, text.replace(/(<node vm="proxy1"[^>]*)\/>/, access));
    const elsewhere = ['--state-directory', `${pair.lab.directory}/elsewhere`];
    await pair.lab.run('netmgr', 'apply', PAIR, third, ...elsewhere);
    const before = await pair.rest();
    await goOn();
    const { exitCode, stderr } = await ended;
    expect(exitCode, stderr).to.not.equal(0);
    expect(stderr, stderr).to.include('another manager has led it elsewhere');
    expect(await pair.rest()).to.deep.equal(before);
    const { ok, errors } = await pair.apply('one');
    expect(ok, JSON.stringify(errors)).to.equal(true);
    await pair.expectExactly('one');
    running = 'one';
  });

  it('of which one stands still after its decision while one elsewhere finds nothing to do: that stays', async function () {
    skipInSample(this, 'a manager that stands still beside one with nothing to do');
    this.timeout(180_000);
    const { ended } = await stopDecided();
    expect(await pair.settled()).to.equal('one');
    const status = await pair.lab.try(['netmgr', 'status', PAIR]);
    expect(status.stderr).to.match(/has decided to apply .* and is not done yet/);
    expect(status.stdout).to.include('host1 failed: nobody confirmed the commit in time');
    const elsewhere = ['--state-directory', `${pair.lab.directory}/elsewhere`];
    const second = await pair.lab.run('netmgr', 'apply', PAIR, pair.files.one, ...elsewhere);
    expect(second).to.include('nothing to do');
    await goOn();
    const { exitCode, stderr } = await ended;
    expect(exitCode, stderr).to.not.equal(0);
    expect(stderr, stderr).to.include('another manager has led it elsewhere');
    await pair.expectExactly('one');
    running = 'one';
    const { stdout } = await pair.lab.try(['netmgr', 'status', PAIR]);
    expect(stdout).to.not.include('failed');
  });

  it('that start together both succeed one after the other, or one is told of the other', async function () {
    this.timeout(60_000 + ROUNDS * 60_000);
    for (let round = 0; round < ROUNDS; round++) {
      const flags = round % 2 === 0 ? ['--json'] : ['--no-wait'];
      const outcomes = await Promise.all([pair.apply('one', ...flags), pair.apply('other', ...flags)]);
      counts.races++;
      for (const { ok, errors } of outcomes) {
        if (round % 2 === 0) expect(errors).to.deep.equal([]);
        else if (!ok) for (const { kind } of errors) expect(kind).to.equal('Conflict');
      }
      running = await pair.settled();
      await pair.expectExactly(running);
      expect(await owners()).to.deep.equal([]);
    }
  });
});
