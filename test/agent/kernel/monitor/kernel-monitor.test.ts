import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { skipWithoutRoot } from '../../../integration/live-lab.js';
import { makeScratch } from '../scratch.js';

const LISTEN = fileURLToPath(new URL('listen.ts', import.meta.url));

describe('what the kernel tells', () => {
  it('is heard from when it is said to be, by the names of now, and a process that ends is a gap', async function () {
    skipWithoutRoot(this, 'the kernel');
    const scratch = await makeScratch();
    try {
      const { stdout } = await scratch.run([process.execPath, '--import', 'tsx', LISTEN]);
      expect(JSON.parse(stdout)).to.deep.equal({ gapsBefore: 0, heardOf: ['two'], listensToOne: false });
    } finally {
      await scratch.remove();
    }
  });
});
