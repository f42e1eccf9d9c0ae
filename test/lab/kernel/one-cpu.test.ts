import { expect } from 'chai';
import { allowedCpus, onOneCpu } from '../../../src/lab/kernel/one-cpu.js';

describe('allowedCpus', () => {
  const cases: readonly [string, number[]][] = [
    ['0', [0]],
    ['0-3', [0, 1, 2, 3]],
    ['1,4-5,9', [1, 4, 5, 9]],
  ];
  for (const [list, cpus] of cases) {
    it(`reads ${list}`, () => {
      expect(allowedCpus(`Name:\tnode\nCpus_allowed_list:\t${list}\nMems:\t1\n`)).to.deep.equal(cpus);
    });
  }

  it('takes a status without the line for no knowledge', () => {
    expect(allowedCpus('Name:\tnode\n')).to.deep.equal([]);
  });

  it('chooses a CPU that this process may use', () => {
    const [program, , cpu] = onOneCpu();
    expect(program).to.equal('taskset');
    expect(Number(cpu)).to.be.within(0, 8191);
  });
});
