import { expect } from 'chai';
import { problemsOf } from '../../../src/agent/config/problem.js';
import { NetmgrError } from '../../../src/errors.js';

describe('the problems of what a tool said', () => {
  const failure = (message: string, subject?: string): NetmgrError =>
    new NetmgrError({ kind: 'CommandFailed', message, subject });

  it('are about the interface of the line that failed', () => {
    const message = 'Error: Exclusivity flag on: "qdisc add dev vif1.0 root tbf"';
    expect(problemsOf(failure(message))).to.deep.equal([
      { object: [], code: 'kernelRefused', vif: 'vif1.0', text: message },
    ]);
  });

  it('are about no interface of the host where the line was given inside a machine', () => {
    const message = 'RTNETLINK answers: File exists: "address add 10.1.0.1/16 dev eth0"';
    expect(problemsOf(failure(message, 'node1'))).to.deep.equal([
      { object: [], code: 'kernelRefused', vif: '', text: `node1: ${message}` },
    ]);
  });

  it('tell a tool that is missing', () => {
    const [problem] = problemsOf(failure('tc is not installed'));
    expect(problem?.code).to.equal('toolMissing');
  });
});
