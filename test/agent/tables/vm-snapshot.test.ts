import { expect } from 'chai';
import { VmSnapshot } from '../../../src/agent/tables/vm-snapshot.js';
import { Configuration } from '../../../src/mib/configuration.js';
import { IndexAllocator } from '../../../src/mib/index-allocator.js';

/** A host whose machines and time a test sets, and a snapshot of it; another generation is read at once. */
function host() {
  const state = { names: ['a'], hvUpTime: 100, generation: 0, failing: false };
  const errors: unknown[] = [];
  const snapshot = new VmSnapshot(
    {
      survey: () => {
        if (state.failing) return Promise.reject(new Error('no kernel'));
        const machines = state.names.map((name) => ({ name, aliases: [], known: {}, interfaces: [] }));
        const { hvUpTime } = state;
        const hypervisor = { hvSoftware: 'x', hvVersion: '1', hvObjectID: [], hvUpTime };
        return Promise.resolve({ links: [], configured: [], openVswitch: [], hypervisor, machines });
      },
    },
    {
      get generation() {
        return state.generation;
      },
      running: { configuration: new Configuration() } as never,
    },
    { isBusy: false },
    new IndexAllocator(),
    (error) => errors.push(error),
  );
  const read = async (changes: Partial<typeof state>): Promise<[number: number, lastChange: number]> => {
    Object.assign(state, changes);
    state.generation++;
    await snapshot.refresh();
    snapshot.readings.showLatest();
    const { number, tableLastChange } = snapshot.readings.shown.scalars;
    return [number, tableLastChange];
  };
  return { snapshot, read, errors };
}

describe('the snapshot of VM-MIB', () => {
  it('knows when a machine came or went last', async () => {
    const { read } = host();
    expect(await read({})).to.deep.equal([1, 100]);
    expect(await read({ hvUpTime: 200 })).to.deep.equal([1, 100]);
    expect(await read({ hvUpTime: 300, names: ['a', 'b'] })).to.deep.equal([2, 300]);
    // One for another is both.
    expect(await read({ hvUpTime: 400, names: ['a', 'c'] })).to.deep.equal([2, 400]);
    expect(await read({ hvUpTime: 500, names: [] })).to.deep.equal([0, 500]);
  });

  it('says nothing of machines that cannot be read, and tells why', async () => {
    const { snapshot, read, errors } = host();
    await read({});
    expect(await read({ failing: true })).to.deep.equal([0, 100]);
    expect(snapshot.readings.shown).to.deep.include({ machines: [], networks: [] });
    expect(errors).to.have.length(1);
    expect(await read({ failing: false, hvUpTime: 600 })).to.deep.equal([1, 100]);
  });
});
