import { expect } from 'chai';
import { NetmgrError } from '../../src/errors.js';

/** Expects the work to be refused as invalid input, and answers with the error. */
export function expectInvalid(work: () => unknown): NetmgrError {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(NetmgrError);
    expect((error as NetmgrError).kind).to.equal('InvalidInput');
    return error as NetmgrError;
  }
  throw new Error('it was accepted');
}
