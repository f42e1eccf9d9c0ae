import { expect } from 'chai';
import { Patience } from '../../../src/agent/host/patience.js';
import { readMachines } from '../../../src/agent/host/read-machines.js';
import type { Run } from '../../../src/process/run.js';

/** What `ip -j -batch` says of a machine that has nothing. */
const NOTHING = '[]\n[]\n[]\n';

/** Answers at once, or never, but ends when it is told to. */
const machine =
  (hangs: boolean): Run =>
  (argv, { signal } = {}) => {
    if (!hangs) return Promise.resolve({ stdout: NOTHING, stderr: '', exitCode: 0 });
    return new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => {
        reject(new Error(`${argv[0]} was ended`));
      });
    });
  };

describe('looking into machines', () => {
  const names = ['a', 'hangs', 'b'];
  const inside = (name: string): Run => machine(name === 'hangs');

  it('leaves out the one that hangs when it has been waited for, and has the others', async () => {
    const found = await readMachines({ inside }, names, new Patience(50));
    expect([...found.keys()]).to.deep.equal(['a', 'b']);
  });

  it('gives up at once in a hurry what has been waited for longer than that allows', async () => {
    const patience = new Patience(600_000);
    const looking = readMachines({ inside }, names, patience);
    patience.hurry();
    expect([...(await looking).keys()]).to.deep.equal(['a', 'b']);
    expect(patience.isHurried).to.equal(true);
  });

  it('fails with the first that does not answer where each has to be there', async () => {
    const failing: Run = () => Promise.reject(new Error('no answer'));
    const error: unknown = await readMachines(
      { inside: (name) => (name === 'hangs' ? failing : machine(false)) },
      names,
    ).catch((thrown: unknown) => thrown);
    expect(error).to.be.an('error').with.property('message', 'no answer');
  });
});
