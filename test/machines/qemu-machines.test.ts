import { skipInSample } from '../sample.js';
import { keepsTheContract } from './contract.js';
import { qemuFixture } from './qemu-fixture.js';

describe('machines that are QEMUs which nobody manages', function () {
  before(function () {
    skipInSample(this, 'real guests of QEMU', 'test:machines');
  });

  keepsTheContract(qemuFixture);
});
