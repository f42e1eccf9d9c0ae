import { expect } from 'chai';
import fc from 'fast-check';
import { parseRealEnvironment } from '../../../src/manager/xml/read-real-environment.js';
import { parseVirtualEnvironment } from '../../../src/manager/xml/read-virtual-environment.js';
import { writeRealEnvironment } from '../../../src/manager/xml/write-real-environment.js';
import { writeVirtualEnvironment } from '../../../src/manager/xml/write-virtual-environment.js';
import { realEnvironment, virtualEnvironment } from './arbitraries.js';

describe('what is written', () => {
  it('reads back as the same real environment', async () => {
    await fc.assert(
      fc.asyncProperty(realEnvironment, async (environment) => {
        const read = await parseRealEnvironment(writeRealEnvironment(environment), 'written.xml');
        expect(read.environment).to.deep.equal(environment);
      }),
    );
  }).timeout(60_000);

  it('reads back as the same virtual environment', async () => {
    await fc.assert(
      fc.asyncProperty(virtualEnvironment, async (environment) => {
        const read = await parseVirtualEnvironment(writeVirtualEnvironment(environment), 'written.xml');
        expect(read.environment).to.deep.equal(environment);
      }),
    );
  }).timeout(60_000);
});
