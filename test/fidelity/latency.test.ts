import { skipInSample } from '../sample.js';
import { expectBounds } from './expect-bounds.js';

describe('latency as traffic finds it', function () {
  this.timeout(3_700_000);

  it('is within its bounds from 0.1 ms to 500 ms', async function () {
    skipInSample(this, 'the bounds of latency', 'test:fidelity');
    await expectBounds(['--only', 'latency', '--latencies', '100us,1ms,10ms,100ms,500ms']);
  });
});
