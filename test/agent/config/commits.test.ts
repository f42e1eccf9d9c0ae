import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { ActionFailure } from '../../../src/agent/config/problem.js';
import type { CfgAction } from '../../../src/mib/cfg-scalars.js';
import type { Checkpoint } from '../../../src/process/durable-files.js';
import { addSite, StateDirectory, type Life } from './commit-fixture.js';

interface Mortal {
  readonly life: Life;
  readonly steps: string[];
  fatal: number;
  died: () => void;
}

describe('Commits', () => {
  let directory: StateDirectory;
  const lives: Life[] = [];

  const start = async (checkpoint?: Checkpoint): Promise<Life> => {
    const life = await directory.start(checkpoint);
    lives.push(life);
    return life;
  };

  beforeEach(() => {
    directory = new StateDirectory();
  });

  afterEach(() => {
    for (const { actions } of lives.splice(0)) actions.close();
    directory.remove();
  });

  const act = async ({ actions }: Life, action: CfgAction, digest: Uint8Array): Promise<void> => {
    expect(actions.refusal(action, digest)).to.equal(undefined);
    actions.start(action, digest);
    await actions.settled();
  };

  /** Commits a site, and so leads the host from `site - 1` rows to `site`. */
  const commit = async (life: Life, site: number, confirmTimeout = 0): Promise<void> => {
    addSite(life, site);
    life.actions.confirmTimeout = confirmTimeout;
    await act(life, 'commit', life.datastore.candidate.digest());
  };

  const sizes = ({ datastore: { running, previous } }: Life): number[] => [
    running.configuration.size,
    previous.configuration.size,
  ];

  it('knows after a restart what runs, what ran before, and how the last action ended', async () => {
    const first = await start();
    await commit(first, 1);
    await commit(first, 2);
    const second = await start();
    expect(second.damage).to.deep.equal([]);
    expect(sizes(second)).to.deep.equal([2, 1]);
    expect(second.datastore.generation).to.equal(2);
    expect(second.datastore.runningTime).to.deep.equal(first.datastore.runningTime);
    expect(second.datastore.candidate.size).to.equal(2);
    const { action, state, result, expectedDigest } = second.actions;
    expect([action, state, result]).to.deep.equal(['commit', 'idle', 'success']);
    expect(expectedDigest).to.deep.equal(first.datastore.running.configuration.digest());
    expect(directory.kernel.done.at(-1)).to.equal('restore 2 -> 2');
  });

  it('keeps the deadline across a restart of the agent', async () => {
    await commit(await start(), 1, 60);
    directory.now = { boot: 'first', seconds: 120 };
    const second = await start();
    expect(second.actions.state).to.equal('confirmWait');
    expect(await second.commits.remaining()).to.equal(40);
    await act(second, 'confirm', second.datastore.running.configuration.digest());
    const third = await start();
    expect(third.actions.state).to.equal('idle');
    expect(sizes(third)).to.deep.equal([1, 0]);
  });

  for (const [what, now] of [
    ['the deadline passed while no agent ran', { boot: 'first', seconds: 160 }],
    ['the host was restarted', { boot: 'second', seconds: 1 }],
  ] as const) {
    it(`goes back at once if ${what}`, async () => {
      await commit(await start(), 1, 60);
      directory.now = now;
      const second = await start();
      expect(sizes(second)).to.deep.equal([0, 1]);
      expect([second.actions.state, second.actions.result]).to.deep.equal(['failed', 'confirmExpired']);
      expect(directory.kernel.done.at(-1)).to.equal('restore 1 -> 0');
    });
  }

  it('writes one state at a time, whoever changes what', async () => {
    const life = await start();
    const changes = Array.from({ length: 20 }, (_, i) => life.commits.change({ auditInterval: i }));
    await Promise.all([...changes, commit(life, 1)]);
    const second = await start();
    expect(second.damage).to.deep.equal([]);
    expect(sizes(second)[0]).to.equal(1);
    expect(second.commits.settings.auditInterval).to.equal(19);
  });

  it('admits on its way back no confirmation, and no other way', async () => {
    const life = await start();
    await commit(life, 1);
    await commit(life, 2, 60);
    const { running, previous } = life.datastore;
    directory.kernel.restoreFailure = new Error('no');
    await act(life, 'rollback', previous.configuration.digest());
    expect(life.commits.phase.name).to.equal('rollingBack');
    const digest = running.configuration.digest();
    expect(life.actions.refusal('confirm', digest)).to.equal('wrongDigest');
    expect(life.actions.refusal('rollback', digest)).to.equal('wrongDigest');
  });

  it('says of a validation that could not be made that nothing was touched', async () => {
    const life = await start();
    directory.kernel.validate = () => Promise.reject(new Error('tc is not installed'));
    addSite(life, 1);
    await act(life, 'validate', life.datastore.candidate.digest());
    expect([life.actions.state, life.actions.result]).to.deep.equal(['failed', 'validationFailed']);
    expect(life.actions.resultText).to.contain('tc is not installed');
  });

  it('knows across restarts whether somebody has agreed to what runs', async () => {
    const generations = ({ datastore }: Life): number[] => [
      datastore.generation,
      datastore.confirmedGeneration,
    ];
    const running = ({ datastore }: Life): Buffer => datastore.running.configuration.digest();
    await commit(await start(), 1, 60);
    const waiting = await start();
    expect(generations(waiting)).to.deep.equal([1, 0]);
    await act(waiting, 'confirm', running(waiting));
    await commit(waiting, 2, 60);
    directory.now = { boot: 'second', seconds: 1 };
    const gone = await start();
    expect(generations(gone)).to.deep.equal([3, 1]);
    await act(gone, 'commit', running(gone));
    await act(gone, 'resync', Buffer.alloc(0));
    expect(generations(gone)).to.deep.equal([3, 1]);
    await act(gone, 'confirm', running(gone));
    const agreed = await start();
    expect(generations(agreed)).to.deep.equal([3, 3]);
    await act(agreed, 'rollback', agreed.datastore.previous.configuration.digest());
    expect(generations(agreed)).to.deep.equal([4, 4]);
    await commit(agreed, 3, 60);
    await act(agreed, 'rollback', agreed.datastore.previous.configuration.digest());
    expect(generations(agreed)).to.deep.equal([6, 4]);
    await commit(agreed, 3);
    expect(generations(agreed)).to.deep.equal([7, 7]);
  });

  it('goes back by itself when the deadline passes', async () => {
    const life = await start();
    await commit(life, 1, 1);
    directory.now = { boot: 'first', seconds: 101 };
    while (life.actions.result !== 'confirmExpired') await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sizes(life)).to.deep.equal([0, 1]);
  });

  it('tries again to go back where that fails', async () => {
    await commit(await start(), 1, 60);
    directory.now = { boot: 'second', seconds: 1 };
    directory.kernel.restoreFailure = new Error('no');
    const second = await start();
    expect([second.actions.state, second.actions.resultText]).to.deep.equal(['failed', 'no']);
    directory.kernel.restoreFailure = undefined;
    while (second.commits.isHalfway) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sizes(second)).to.deep.equal([0, 1]);
  });

  /** The steps of a commit, its confirmation and a rollback. */
  const changes: readonly (readonly [string, (life: Life) => Promise<void>, readonly number[]])[] = [
    ['commit', (life) => commit(life, 2, 60), [1, 2]],
    ['confirm', (life) => act(life, 'confirm', life.datastore.running.configuration.digest()), [2]],
    ['rollback', (life) => act(life, 'rollback', life.datastore.previous.configuration.digest()), [1, 2]],
  ];

  /** A life that stops for ever before the step of that number, as a killed one does, and the steps that it took. */
  const startMortal = async (): Promise<Mortal> => {
    const mortal: { steps: string[]; fatal: number; died: () => void } = {
      steps: [],
      fatal: Number.POSITIVE_INFINITY,
      died: () => undefined,
    };
    const life = await start((step) => {
      mortal.steps.push(step);
      if (mortal.steps.length <= mortal.fatal) return undefined;
      mortal.died();
      return new Promise(() => undefined);
    });
    return Object.assign(mortal, { life });
  };

  for (const [name, change, allowed] of changes) {
    it(`is whole after an end at any step of a ${name}`, async () => {
      const prepare = async (): Promise<Mortal> => {
        directory.remove();
        directory = new StateDirectory();
        const mortal = await startMortal();
        await commit(mortal.life, 1);
        if (name !== 'commit') await commit(mortal.life, 2, 60);
        mortal.steps.length = 0;
        return mortal;
      };
      const whole = await prepare();
      await change(whole.life);
      const { steps } = whole;
      expect(steps).to.include('rename state.json').and.to.include('sync the directory of state.json');
      for (let fatal = 0; fatal < steps.length; fatal++) {
        const mortal = await prepare();
        mortal.fatal = fatal;
        await Promise.race([
          new Promise<void>((resolve) => (mortal.died = resolve)),
          change(mortal.life).then(() => {
            throw new Error('it did not die');
          }),
        ]);
        const wasApplied = directory.kernel.done.at(-1);
        const next = await start();
        const when = `killed before "${String(steps[fatal])}" after "${String(wasApplied)}"`;
        expect(next.damage, when).to.deep.equal([]);
        expect(allowed, when).to.include(sizes(next)[0]);
        expect(next.commits.isHalfway, when).to.equal(false);
        const [, to] = /^restore \d+ -> (\d+)$/.exec(directory.kernel.done.at(-1) ?? '') ?? [];
        expect(Number(to), when).to.equal(sizes(next)[0]);
      }
    });
  }

  it('undoes a commit that cannot be written down', async () => {
    let full = false;
    const life = await start((step) => {
      if (full && step === 'write state.json') throw new Error('no space left on device');
    });
    await commit(life, 1);
    const { kernel } = directory;
    const apply = kernel.apply.bind(kernel);
    kernel.apply = (from, to) => {
      full = true;
      return apply(from, to);
    };
    await commit(life, 2);
    expect([life.actions.state, life.actions.result]).to.deep.equal(['failed', 'applyFailedUndone']);
    expect(life.actions.resultText).to.contain('no space left on device');
    expect(sizes(life)[0]).to.equal(1);
    expect(kernel.done.at(-1)).to.equal('restore 2 -> 1');
    // Still in the way: what is on the disk leads to the same.
    expect(sizes(await start())[0]).to.equal(1);
  });

  it('does not begin what cannot be written down', async () => {
    const life = await start((step) => {
      if (step.startsWith('write ')) throw new Error('no space left on device');
    });
    await commit(life, 1);
    expect(life.actions.result).to.equal('applyFailedUndone');
    expect(directory.kernel.done).to.deep.equal([]);
  });

  it('sets a damaged state aside, and says so', async () => {
    await commit(await start(), 1);
    const path = join(directory.path, 'state.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"generation":1', '"generation":7'));
    const second = await start();
    expect(second.damage).to.have.lengthOf(1);
    expect(second.damage[0]).to.contain('checksum');
    expect(second.commits.isKnown).to.equal(false);
    expect((await readdir(directory.path)).filter((name) => name.includes('damaged'))).to.have.lengthOf(1);
    expect(directory.kernel.done).to.deep.equal(['apply 0 -> 1']);
  });

  it('does without what ran before where that is damaged, and says so', async () => {
    const first = await start();
    await commit(first, 1);
    await commit(first, 2, 60);
    const digest = first.datastore.previous.configuration.digest().toString('hex');
    await writeFile(join(directory.path, 'configurations', `${digest}.json`), '{"netemuSite":[]}');
    const second = await start();
    expect(second.damage).to.have.lengthOf(1);
    expect(sizes(second)).to.deep.equal([2, 2]);
    expect(second.actions.state).to.equal('idle');
  });

  it('refuses what a later version wrote', async () => {
    await commit(await start(), 1);
    const path = join(directory.path, 'state.json');
    const { sealJson, openSealedJson } = await import('../../../src/process/sealed-json.js');
    const json = openSealedJson(await readFile(path, 'utf8')) as object;
    await writeFile(path, sealJson({ ...json, version: 2 }));
    const failure = await start().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.have.property('kind', 'Conflict');
    expect(await readFile(path, 'utf8')).to.contain('"version":2');
  });

  it('keeps no configuration that nothing names', async () => {
    const life = await start();
    for (const site of [1, 2, 3, 4]) await commit(life, site);
    expect(await readdir(join(directory.path, 'configurations'))).to.have.lengthOf(2);
  });

  it('reports a host half-way as failed', async () => {
    const life = await start();
    directory.kernel.failure = new ActionFailure([], 'applyFailedPartial');
    directory.kernel.restoreFailure = new Error('no');
    await commit(life, 1);
    expect([life.actions.state, life.commits.isHalfway]).to.deep.equal(['failed', true]);
  });
});
