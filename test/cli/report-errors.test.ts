import { expect } from 'chai';
import { errorBlock, withoutControls } from '../../src/cli/output/report-errors.js';
import { NetmgrError } from '../../src/errors.js';

describe('a failure for people', () => {
  it('says what, where, about what, why and what to do', () => {
    const error = new NetmgrError({
      kind: 'CommandFailed',
      message: 'it did not work',
      subject: 'host1/vif1.0',
      at: { file: 'real.xml', line: 7 },
      hint: 'Try again.',
      cause: new Error('exit code 2'),
    });
    expect(errorBlock(error)).to.equal(
      [
        'error: it did not work',
        '  at:    real.xml:7',
        '  about: host1/vif1.0',
        '  why:   exit code 2',
        '  do:    Try again.',
      ].join('\n'),
    );
  });

  it('leaves out what is not known', () => {
    expect(errorBlock(new NetmgrError({ kind: 'Bug', message: 'no' }))).to.equal('error: no');
  });

  it('cannot drive a terminal', () => {
    const hostile = '\u001b[2J\u009b2J\r\u0007\u007f\u0000';
    const error = new NetmgrError({ kind: 'Rejected', message: hostile, subject: hostile, hint: hostile });
    const lines = errorBlock(error).split('\n');
    expect(lines).to.have.lengthOf(3);
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    for (const line of lines) expect(line).to.not.match(/[\u0000-\u001f\u007f-\u009f]/);
    expect(withoutControls('ä\n€')).to.equal('ä\n€');
  });
});
