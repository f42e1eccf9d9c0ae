import { expect } from 'chai';
import { NetmgrError, type ErrorKind } from '../../../src/errors.js';

/** Expects the work to throw a NetmgrError of the kind. */
export function expectKind(kind: ErrorKind, work: () => unknown): void {
  expect(work).to.throw(NetmgrError).with.property('kind', kind);
}
