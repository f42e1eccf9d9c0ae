import { missingFor } from './container-host.js';
import { lxcFixture, podmanFixture } from './container-fixtures.js';
import { keepsTheContract } from './contract.js';

for (const [engine, make] of [
  ['podman', podmanFixture],
  ['lxc', lxcFixture],
] as const) {
  describe(`machines that are containers of ${engine}, as all drivers`, function () {
    before(function () {
      const missing = missingFor(engine);
      if (missing === undefined) return;
      process.stderr.write(`NOT TESTED: containers of ${engine}: ${missing}\n`);
      this.skip();
    });

    keepsTheContract(make);
  });
}
