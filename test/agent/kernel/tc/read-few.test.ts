import { expect } from 'chai';
import fc from 'fast-check';
import { expandTree } from '../../../../src/agent/kernel/tc/expand.js';
import { ifbName } from '../../../../src/agent/kernel/tc/ifb-name.js';
import { applyTc, readTc } from '../../../../src/agent/kernel/tc/read.js';
import { makeScratch, type Scratch } from '../scratch.js';
import { addVifs } from './add-vifs.js';
import { tree } from './trees.js';

const VIFS = ['vif1.0', 'tap_2'];

describe('what tc says of few interfaces', () => {
  let scratch: Scratch;

  before(async () => {
    scratch = await makeScratch();
    await addVifs(scratch, VIFS);
  });

  after(() => scratch.remove());

  it('is what it says of them among all', async () => {
    await fc.assert(
      fc.asyncProperty(tree('vif1.0', false), tree('tap_2', false), async (...trees) => {
        const { devices } = await readTc(scratch.run, VIFS);
        await applyTc(scratch.run, devices, new Map(trees.map((one) => [one.vif, expandTree(one)])));
        const all = await readTc(scratch.run, VIFS);
        for (const vif of VIFS) {
          const one = await readTc(scratch.run, [vif], () => true);
          expect(one.devices.get(vif)).to.deep.equal(all.devices.get(vif));
          expect(one.counters.get(vif)).to.deep.equal(all.counters.get(vif));
        }
      }),
      { numRuns: 10 },
    );
  });

  it('leaves out what is gone since', async () => {
    const { devices } = await readTc(scratch.run, ['gone0', 'vif1.0'], () => true);
    expect([...devices.keys()]).to.deep.equal(['vif1.0']);
    await scratch.sh(`ip link del ${ifbName('tap_2')}`);
    expect([...(await readTc(scratch.run, ['tap_2'], () => true)).devices.keys()]).to.deep.equal(['tap_2']);
  });
});
