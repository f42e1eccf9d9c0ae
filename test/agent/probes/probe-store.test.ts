import { expect } from 'chai';
import { LIFETIME, ProbeStore } from '../../../src/agent/probes/probe-store.js';
import { ProbeRequest } from '../../../src/agent/probes/probe-request.js';
import { probeRow } from './probe-fixture.js';

describe('the store of probes', () => {
  let now: number;
  let store: ProbeStore;

  beforeEach(() => {
    now = 0;
    store = new ProbeStore(() => now);
  });

  const add = (run: number, number: number): ProbeRequest => {
    const request = new ProbeRequest(probeRow({ run, number }));
    store.set(request);
    return request;
  };
  const indices = (): string[] => store.requestEntries.map(({ index }) => index.join('.'));

  it('has its rows in the order of their runs and numbers, the same in both tables', () => {
    for (const [run, number] of [
      [7, 10],
      [7, 9],
      [4_000_000_000, 1],
      [5, 2],
    ] as const) {
      add(run, number);
    }
    expect(indices()).to.deep.equal(['5.2', '7.9', '7.10', '4000000000.1']);
    expect(store.resultEntries.map(({ index }) => index)).to.deep.equal(
      store.requestEntries.map(({ index }) => index),
    );
    expect(store.size).to.equal(4);
    add(7, 9);
    expect(store.size).to.equal(4);
    store.delete(7, 9);
    store.delete(7, 9);
    expect(indices()).to.deep.equal(['5.2', '7.10', '4000000000.1']);
    expect([...store.runs]).to.have.members([5, 7, 4_000_000_000]);
    store.delete(5, 2);
    expect([...store.runs]).to.have.members([7, 4_000_000_000]);
  });

  it('says of results what they are at the moment', () => {
    const request = add(7, 1);
    const [entry] = store.resultEntries;
    expect(entry?.row).to.include({ state: 'waiting' });
    request.running();
    expect(entry?.row).to.include({ state: 'running' });
    request.done({ sent: 3, received: 2 });
    expect(entry?.row).to.include({ state: 'done', sent: 3, received: 2, rttMin: 0, message: '' });
  });

  it('forgets the runs that nobody reads or writes', () => {
    const request = add(7, 1);
    add(8, 1);
    now = LIFETIME - 1;
    expect(store.expire()).to.deep.equal([]);
    store.touch(8);
    store.touch(9);
    now = LIFETIME;
    expect(store.expire()).to.deep.equal([request]);
    expect(indices()).to.deep.equal(['8.1']);
    expect(store.size).to.equal(1);
    now = 2 * LIFETIME - 1;
    expect(store.expire()).to.have.length(1);
    expect(store.size).to.equal(0);
  });
});
