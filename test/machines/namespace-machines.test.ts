import { keepsTheContract } from './contract.js';
import { namespaceFixture } from './namespace-fixture.js';

describe('machines that are network namespaces, as all drivers', function () {
  before(function () {
    if (process.getuid?.() === 0) return;
    process.stderr.write('NOT TESTED: machines in namespaces: no root\n');
    this.skip();
  });

  keepsTheContract(namespaceFixture);
});
