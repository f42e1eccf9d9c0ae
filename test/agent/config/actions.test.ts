import { expect } from 'chai';
import { Configuration } from '../../../src/mib/configuration.js';
import { siteTable } from '../../../src/mib/site-table.js';
import { Actions } from '../../../src/agent/config/actions.js';
import { Datastore } from '../../../src/agent/config/datastore.js';
import type { HostKernel } from '../../../src/agent/config/host-kernel.js';
import { ActionFailure, type Problem } from '../../../src/agent/config/problem.js';

/** A kernel that records what it is told; the commit's own logic is what is tested here. */
class RecordingKernel implements HostKernel {
  readonly applied: string[] = [];
  failure: Error | undefined;

  validate(): Promise<Problem[]> {
    return Promise.resolve([]);
  }

  apply(from: Configuration, to: Configuration): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.applied.push(`${String(from.size)} -> ${String(to.size)}`);
    return Promise.resolve();
  }
}

const PROBLEM: Problem = { object: [1, 3], code: 'kernelRefused', vif: 'vif1.0', text: 'no' };

describe('Actions', () => {
  let kernel: RecordingKernel;
  let datastore: Datastore;
  let actions: Actions;

  beforeEach(() => {
    kernel = new RecordingKernel();
    datastore = new Datastore();
    actions = new Actions(datastore, kernel, () => undefined);
    datastore.candidate.set(siteTable, { site: 1, name: 'a', policy: 'proxy' });
  });

  const act = async (action: Parameters<Actions['start']>[0], digest: Uint8Array): Promise<void> => {
    expect(actions.refusal(action, digest), `${action} is admitted`).to.equal(undefined);
    actions.start(action, digest);
    await actions.settled();
  };
  const candidateDigest = (): Buffer => datastore.candidate.digest();

  it('commits, waits for the confirmation, and confirms', async () => {
    await act('commit', candidateDigest());
    expect([actions.state, actions.result]).to.deep.equal(['confirmWait', 'success']);
    expect(datastore.running.size).to.equal(1);
    await act('confirm', candidateDigest());
    expect(actions.state).to.equal('idle');
  });

  it('changes nothing when a commit comes twice, not even what a rollback leads to', async () => {
    const empty = datastore.running.digest();
    const digest = candidateDigest();
    await act('commit', digest);
    await act('commit', digest);
    expect(kernel.applied).to.have.length(1);
    expect(datastore.previous.digest().equals(empty)).to.equal(true);
    await act('rollback', empty);
    expect(datastore.running.size).to.equal(0);
    await act('rollback', empty);
    expect(kernel.applied).to.deep.equal(['0 -> 1', '1 -> 0']);
  });

  it('does not touch the host for a candidate other than the one that is meant', async () => {
    await act('commit', Buffer.alloc(32, 1));
    expect(actions.result).to.equal('digestMismatch');
    expect(kernel.applied).to.deep.equal([]);
  });

  it('does not touch the host when something stands in the way', async () => {
    kernel.failure = new ActionFailure([PROBLEM], 'validationFailed');
    await act('commit', candidateDigest());
    expect([actions.state, actions.result]).to.deep.equal(['failed', 'validationFailed']);
    expect(actions.problems).to.deep.equal([PROBLEM]);
    expect(kernel.applied).to.deep.equal([]);
  });

  it('keeps the running configuration when the kernel refuses, and tells why', async () => {
    kernel.failure = new ActionFailure([PROBLEM], 'applyFailedUndone');
    await act('commit', candidateDigest());
    expect([actions.state, actions.result]).to.deep.equal(['failed', 'applyFailedUndone']);
    expect(datastore.running.size).to.equal(0);
    expect(actions.resultText).to.equal('no');
  });

  it('admits no other commit, and no action without a digest, while one awaits its confirmation', async () => {
    await act('commit', candidateDigest());
    datastore.candidate.set(siteTable, { site: 2, name: 'b', policy: 'proxy' });
    expect(actions.refusal('commit', candidateDigest())).to.equal('unconfirmed');
    expect(actions.refusal('confirm', new Uint8Array())).to.equal('noDigest');
    expect(actions.refusal('confirm', candidateDigest())).to.equal('wrongDigest');
    expect(actions.refusal('rollback', Buffer.alloc(32, 1))).to.equal('wrongDigest');
  });

  it('is busy for others, but not for the same request again', () => {
    const digest = candidateDigest();
    actions.start('commit', digest);
    expect(actions.isBusy).to.equal(true);
    expect(actions.refusal('commit', digest)).to.equal(undefined);
    expect(actions.refusal('validate', digest)).to.equal('busy');
    return actions.settled();
  });
});
