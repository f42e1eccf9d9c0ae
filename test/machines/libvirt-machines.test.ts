import { skipInSample } from '../sample.js';
import { keepsTheContract } from './contract.js';
import { libvirtFixture } from './libvirt-fixture.js';

describe('machines that are domains of libvirt', function () {
  before(function () {
    skipInSample(this, 'real guests of libvirt', 'test:machines');
  });

  keepsTheContract(libvirtFixture);
});
