import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { skipWithoutRoot } from '../../../integration/live-lab.js';
import { makeScratch } from '../scratch.js';

const LISTEN = fileURLToPath(new URL('listen.ts', import.meta.url));

describe('what the kernel tells', () => {
  it('is heard from when it is said to be, of interfaces as of qdiscs, and a process that ends is a gap', async function () {
    skipWithoutRoot(this, 'the kernel');
    const scratch = await makeScratch();
    try {
      const { stdout } = await scratch.run([process.execPath, '--import', 'tsx', LISTEN]);
      // A gap when the process ends, and another one when there is one again.
      expect(JSON.parse(stdout)).to.deep.equal({
        ...{ gapsBefore: 0, listensToOne: false, gapsAfter: 2 },
      });
    } finally {
      await scratch.remove();
    }
  });
});
