import { skipInSample } from '../sample.js';
import { expectBounds } from './expect-bounds.js';

describe('bandwidth as traffic finds it', function () {
  this.timeout(3_700_000);

  it('is within its bounds from 256 kbit/s to 500 Mbit/s, and so are bursts', async function () {
    skipInSample(this, 'the bounds of bandwidth', 'test:fidelity');
    await expectBounds(['--only', 'bandwidth', '--rates', '256kbit,1mbit,10mbit,100mbit,500mbit']);
  });
});
