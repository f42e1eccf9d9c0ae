import { expect } from 'chai';
import { MibView } from '../../../src/agent/tables/mib-view.js';
import type { ObjectSource } from '../../../src/agent/tables/object-source.js';
import type { SetWriter } from '../../../src/agent/tables/set-router.js';
import { NetmgrError } from '../../../src/errors.js';
import type { Oid } from '../../../src/mib/value.js';

const PREFIX: Oid = [1, 3, 6, 1, 99];

describe('objects that are read from the kernel', function () {
  this.timeout(15_000);

  it('are refused in time where the kernel takes long, and answered once it has been read', async () => {
    const state: { release: () => void } = { release: () => undefined };
    const read = new Promise<void>((resolve) => {
      state.release = resolve;
    });
    const source: ObjectSource = {
      prefix: PREFIX,
      get: () => ({ type: 'Integer32', value: 1 }),
      next: () => undefined,
    };
    const writer: SetWriter = { test: () => ({ status: 'notWritable', index: 1 }) };
    const view = new MibView([source], writer, [{ prefix: PREFIX, refresh: () => read }]);
    const failure = await view.get([...PREFIX, 1]).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(NetmgrError).with.property('kind', 'Unreachable');
    state.release();
    expect(await view.get([...PREFIX, 1])).to.deep.equal({ type: 'Integer32', value: 1 });
  });
});
