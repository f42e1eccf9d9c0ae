import { expect } from 'chai';
import type { Actions } from '../../../src/agent/config/actions.js';
import { ActionFailure, type Problem } from '../../../src/agent/config/problem.js';
import { addSite, StateDirectory, type Life } from './commit-fixture.js';

const PROBLEM: Problem = { object: [1, 3], code: 'kernelRefused', vif: 'vif1.0', text: 'no' };

describe('Actions', () => {
  let directory: StateDirectory;
  let life: Life;

  beforeEach(async () => {
    directory = new StateDirectory();
    life = await directory.start();
    life.actions.confirmTimeout = 60;
    addSite(life, 1);
  });

  afterEach(() => {
    life.actions.close();
    directory.remove();
  });

  const act = async (action: Parameters<Actions['start']>[0], digest: Uint8Array): Promise<void> => {
    const { actions } = life;
    expect(actions.refusal(action, digest), `${action} is admitted`).to.equal(undefined);
    actions.start(action, digest);
    await actions.settled();
  };
  const candidateDigest = (): Buffer => life.datastore.candidate.digest();
  const runningDigest = (): Buffer => life.datastore.running.configuration.digest();
  const outcome = (): string[] => [life.actions.state, life.actions.result];

  it('commits, waits for the confirmation, and confirms', async () => {
    await act('commit', candidateDigest());
    expect(outcome()).to.deep.equal(['confirmWait', 'success']);
    expect(life.datastore.running.configuration.size).to.equal(1);
    expect(life.actions.confirmRemaining).to.equal(60);
    await act('confirm', candidateDigest());
    expect(outcome()).to.deep.equal(['idle', 'success']);
    expect(life.actions.confirmRemaining).to.equal(0);
  });

  it('is done at once without a time to confirm in', async () => {
    life.actions.confirmTimeout = 0;
    await act('commit', candidateDigest());
    expect(outcome()).to.deep.equal(['idle', 'success']);
  });

  it('changes nothing when a commit comes twice: no deadline, and not what a rollback leads to', async () => {
    const empty = runningDigest();
    const digest = candidateDigest();
    await act('commit', digest);
    directory.now = { boot: 'first', seconds: 130 };
    life.actions.confirmTimeout = 600;
    await act('commit', digest);
    expect(directory.kernel.done).to.deep.equal(['apply 0 -> 1']);
    expect(await life.commits.remaining()).to.equal(30);
    expect(life.datastore.previous.configuration.digest().equals(empty)).to.equal(true);
    await act('rollback', empty);
    expect(life.datastore.running.configuration.size).to.equal(0);
    await act('rollback', empty);
    expect(directory.kernel.done).to.deep.equal(['apply 0 -> 1', 'restore 1 -> 0']);
  });

  it('finds nothing to commit when a commit comes late, after its rollback', async () => {
    const empty = runningDigest();
    const digest = candidateDigest();
    await act('commit', digest);
    await act('rollback', empty);
    await act('commit', digest);
    expect(life.actions.result).to.equal('digestMismatch');
    expect(life.datastore.running.configuration.size).to.equal(0);
  });

  it('does not touch the host for a candidate other than the one that is meant', async () => {
    await act('commit', Buffer.alloc(32, 1));
    expect(life.actions.result).to.equal('digestMismatch');
    expect(directory.kernel.done).to.deep.equal([]);
  });

  for (const result of ['validationFailed', 'applyFailedUndone'] as const) {
    it(`keeps what runs when the kernel says ${result}, and tells why`, async () => {
      directory.kernel.failure = new ActionFailure([PROBLEM], result);
      await act('commit', candidateDigest());
      expect(outcome()).to.deep.equal(['failed', result]);
      expect(life.actions.problems).to.deep.equal([PROBLEM]);
      expect(life.actions.resultText).to.equal('no');
      expect(life.datastore.running.configuration.size).to.equal(0);
      expect(life.commits.phase).to.deep.equal({ name: 'idle' });
    });
  }

  it('leads a host back that was left half-way, as soon as that works', async () => {
    const { kernel } = directory;
    kernel.failure = new ActionFailure([PROBLEM], 'applyFailedPartial');
    kernel.restoreFailure = new Error('still no');
    await act('commit', candidateDigest());
    expect(outcome()).to.deep.equal(['failed', 'applyFailedPartial']);
    expect(life.commits.isHalfway).to.equal(true);
    kernel.restoreFailure = undefined;
    await act('resync', Buffer.alloc(0));
    expect(outcome()).to.deep.equal(['idle', 'success']);
    expect(kernel.done).to.deep.equal(['restore 1 -> 0']);
    expect(life.commits.isHalfway).to.equal(false);
  });

  it('says that it is half-way until it is not, whatever it is asked meanwhile', async () => {
    const { kernel } = directory;
    const target = candidateDigest();
    const before = life.datastore.running.configuration.digest();
    await act('commit', target);
    // The rollback fails: what runs is then neither the one nor the other.
    kernel.restoreFailure = new Error('still no');
    await act('rollback', before);
    expect(outcome()).to.deep.equal(['failed', 'applyFailedPartial']);
    for (const action of ['discard', 'release'] as const) {
      await act(action, new Uint8Array());
      expect(outcome(), action).to.deep.equal(['failed', 'applyFailedPartial']);
      expect(life.actions.resultText).to.contain('half-way');
    }
    kernel.restoreFailure = undefined;
    await act('rollback', before);
    expect(outcome()).to.deep.equal(['idle', 'success']);
    expect(life.datastore.running.configuration.digest()).to.deep.equal(before);
  });

  it('makes what runs as soon as that works, if it does not at the start', async () => {
    const { kernel } = directory;
    life.actions.confirmTimeout = 0;
    await act('commit', candidateDigest());
    life.actions.close();
    kernel.done.length = 0;
    kernel.restoreFailure = new Error('not yet');
    life = await directory.start();
    expect(life.actions.problems.map(({ text }) => text)).to.deep.equal(['not yet']);
    kernel.restoreFailure = undefined;
    while (kernel.done.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(kernel.done).to.deep.equal(['restore 1 -> 1']);
    await life.actions.settled();
    expect(outcome()).to.deep.equal(['idle', 'success']);
    expect(life.actions.problems).to.deep.equal([]);
  });

  it('goes back from half-way before it commits', async () => {
    const { kernel } = directory;
    const target = candidateDigest();
    kernel.failure = new ActionFailure([PROBLEM], 'applyFailedPartial');
    await act('commit', target);
    expect(outcome()).to.deep.equal(['failed', 'applyFailedPartial']);
    kernel.failure = undefined;
    await act('commit', target);
    expect(outcome()).to.deep.equal(['confirmWait', 'success']);
    expect(kernel.done).to.deep.equal(['restore 1 -> 0', 'apply 0 -> 1']);
  });

  it('admits no other commit, and no action without a digest, while one awaits its confirmation', async () => {
    await act('commit', candidateDigest());
    addSite(life, 2);
    const { actions } = life;
    expect(actions.refusal('commit', candidateDigest())).to.equal('unconfirmed');
    expect(actions.refusal('confirm', new Uint8Array())).to.equal('noDigest');
    expect(actions.refusal('confirm', candidateDigest())).to.equal('wrongDigest');
    expect(actions.refusal('rollback', Buffer.alloc(32, 1))).to.equal('wrongDigest');
  });

  it('is busy for others, but not for the same request again', () => {
    const digest = candidateDigest();
    const { actions } = life;
    actions.start('commit', digest);
    expect(actions.isBusy).to.equal(true);
    expect(actions.refusal('commit', digest)).to.equal(undefined);
    expect(actions.refusal('validate', digest)).to.equal('busy');
    return actions.settled();
  });
});
