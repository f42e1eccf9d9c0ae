import { expect } from 'chai';
import { MOST_REQUESTS, MOST_RUNS, ProbeStore } from '../../../src/agent/probes/probe-store.js';
import { ProbeRequest } from '../../../src/agent/probes/probe-request.js';
import { ProbeWriter } from '../../../src/agent/probes/probe-writer.js';
import { probeScalars } from '../../../src/mib/probe-scalars.js';
import { probeTable, type ProbeRow } from '../../../src/mib/probe-table.js';
import { ROW_STATUS } from '../../../src/mib/row-status.js';
import { instanceOf } from '../../../src/mib/scalar.js';
import type { Syntax } from '../../../src/mib/syntax.js';
import { encodeIndex } from '../../../src/mib/table.js';
import type { SnmpValue, VarBind } from '../../../src/mib/value.js';
import { probeRow, runningConfiguration } from './probe-fixture.js';

type Columns = Partial<ProbeRow>;

const status = (row: ProbeRow, value: number): VarBind => ({
  oid: [...probeTable.entry, probeTable.rowStatus ?? 0, ...encodeIndex(probeTable, row)],
  value: { type: 'Integer32', value },
});
const cells = (row: ProbeRow, names: readonly string[]): VarBind[] =>
  names.map((name) => {
    const { id, syntax } = probeTable.columns[name as keyof typeof probeTable.columns];
    const value = (syntax as Syntax<unknown>).encode(row[name as keyof ProbeRow]);
    return { oid: [...probeTable.entry, id, ...encodeIndex(probeTable, row)], value };
  });
const REQUIRED = ['kind', 'vif', 'targetType', 'target'];
const create = (changes: Columns = {}): VarBind[] => {
  const row = probeRow(changes);
  const named = Object.keys(changes).filter((name) => name in probeTable.columns && !REQUIRED.includes(name));
  return [status(row, ROW_STATUS.createAndGo), ...cells(row, [...REQUIRED, ...named])];
};
const destroy = (changes: Columns = {}): VarBind => status(probeRow(changes), ROW_STATUS.destroy);
const start = (run: number): VarBind => ({
  oid: instanceOf(probeScalars.scalars.start),
  value: { type: 'Gauge32', value: run },
});

describe('ProbeWriter', () => {
  let store: ProbeStore;
  let begun: number[];
  let writer: ProbeWriter;

  beforeEach(() => {
    const running = runningConfiguration();
    store = new ProbeStore(() => 0);
    begun = [];
    writer = new ProbeWriter(
      store,
      () => running,
      (run) => {
        begun.push(run);
        for (const request of store.requestsOf(run)) request.begin();
      },
    );
  });

  /** @returns the error-status; empty where it was made */
  const set = (...varBinds: VarBind[]): string => {
    const outcome = writer.test(varBinds);
    if ('status' in outcome) return outcome.status;
    void outcome.commit();
    void outcome.cleanup();
    return '';
  };

  it('makes a row with its defaults', () => {
    expect(set(...create({ count: 5 }))).to.equal('');
    expect(store.get(7, 1)?.row).to.deep.equal(probeRow({ count: 5 }));
    expect(store.get(7, 1)?.result.state).to.equal('waiting');
    expect(begun).to.deep.equal([]);
  });

  it('wants what has no default, and no other RowStatus', () => {
    for (const name of REQUIRED) {
      const names = REQUIRED.filter((other) => other !== name);
      expect(set(status(probeRow(), ROW_STATUS.createAndGo), ...cells(probeRow(), names)), name).to.equal(
        'inconsistentValue',
      );
    }
    for (const value of [2, 3, 5]) expect(set(status(probeRow(), value))).to.equal('wrongValue');
    expect(set(status(probeRow(), ROW_STATUS.active))).to.equal('inconsistentName');
    expect(set(...cells(probeRow(), ['count']))).to.equal('inconsistentName');
    expect(store.size).to.equal(0);
  });

  it('may be told the same twice, begun or not', () => {
    const request = [...create(), start(7)];
    expect(set(...request)).to.equal('');
    const made = store.get(7, 1);
    expect(set(...request)).to.equal('');
    expect(store.get(7, 1)).to.equal(made);
    expect(made?.signal.aborted).to.equal(false);
    expect(begun).to.deep.equal([7, 7]);
    expect(set(destroy())).to.equal('');
    expect(made?.signal.aborted).to.equal(true);
    expect(set(destroy())).to.equal('');
    expect(store.size).to.equal(0);
  });

  it('changes a row that waits, and none that has begun', () => {
    set(...create());
    expect(set(...create({ count: 9 }))).to.equal('');
    expect(set(...cells(probeRow({ timeout: 70 }), ['timeout']))).to.equal('');
    expect(store.get(7, 1)?.row).to.deep.equal(probeRow({ count: 9, timeout: 70 }));
    set(start(7));
    expect(set(...cells(probeRow({ count: 4 }), ['count']))).to.equal('inconsistentValue');
    expect(set(...cells(probeRow({ count: 9 }), ['count']))).to.equal('');
    expect(store.get(7, 1)?.row.count).to.equal(9);
  });

  it('takes rows for a run that has begun', () => {
    set(...create(), start(7));
    expect(set(...create({ number: 2 }))).to.equal('');
    expect(store.get(7, 2)?.begun).to.equal(false);
    expect(set(start(7))).to.equal('');
    expect(store.get(7, 2)?.begun).to.equal(true);
  });

  it('begins only what there is', () => {
    expect(set(start(7))).to.equal('inconsistentValue');
    expect(set(start(0))).to.equal('wrongValue');
    expect(set({ ...start(7), oid: probeScalars.scalars.start.oid })).to.equal('noCreation');
    set(...create());
    expect(set(destroy(), start(7))).to.equal('inconsistentValue');
    expect(set(start(8))).to.equal('inconsistentValue');
    expect(begun).to.deep.equal([]);
    expect(set(destroy(), ...create({ number: 2 }), start(7))).to.equal('');
  });

  it('makes all of a PDU or nothing', () => {
    expect(set(...create(), ...create({ number: 2, vif: 'vif9.0' }), start(7))).to.equal('inconsistentValue');
    expect(store.size).to.equal(0);
    expect(begun).to.deep.equal([]);
  });

  it('takes back what is undone, and ends nothing by that', () => {
    set(...create(), start(7));
    const made = store.get(7, 1);
    const outcome = writer.test([destroy(), ...create({ number: 2 }), start(7)]);
    if ('status' in outcome) throw new Error(outcome.status);
    void outcome.commit();
    expect(store.get(7, 1)).to.equal(undefined);
    void outcome.undo();
    void outcome.cleanup();
    expect(store.get(7, 1)).to.equal(made);
    expect(store.get(7, 2)).to.equal(undefined);
    expect(made?.signal.aborted).to.equal(false);
    expect(begun).to.deep.equal([7]);
  });

  const refused: [string, Columns][] = [
    ['a vif that does not run', { vif: 'vif9.0' }],
    ['an address of another type', { targetType: 'ipv6' }],
    ['an address of no type', { targetType: 'unknown' }],
    ['an IPv4 address with a zone', { targetType: 'ipv4z' }],
    ['a group of IPv4', { target: '224.0.0.1' }],
    ['everybody', { target: '255.255.255.255' }],
    ['nobody', { target: '0.0.0.0' }],
    ['the machine itself', { target: '127.0.0.1' }],
    ['a group of IPv6', { target: 'ff02::1' }],
    ['nobody of IPv6', { target: '::' }],
    ['the machine itself by IPv6', { target: '::1' }],
    ['IPv4 in IPv6', { target: '::ffff:10.2.0.1' }],
    ['a receiver at a link-local address', { kind: 'receive', target: 'fe80::1' }],
    ['a sender to a link-local address', { kind: 'send', target: 'fe80::1' }],
    ['a sender past the routes', { kind: 'send', onLink: true }],
    ['more than an hour', { count: 10_000, interval: 60_000 }],
  ];
  for (const [what, changes] of refused) {
    it(`refuses ${what}`, () => {
      expect(set(...create(changes))).to.equal('inconsistentValue');
    });
  }

  const wrong: [keyof ProbeRow, SnmpValue, string][] = [
    ['kind', { type: 'Integer32', value: 7 }, 'wrongValue'],
    ['vif', { type: 'OctetString', value: Buffer.from('a;b') }, 'wrongValue'],
    ['vif', { type: 'OctetString', value: Buffer.from('a'.repeat(16)) }, 'wrongLength'],
    ['target', { type: 'OctetString', value: Buffer.from('') }, 'wrongLength'],
    ['target', { type: 'OctetString', value: Buffer.from('12345') }, 'wrongLength'],
    ['count', { type: 'Gauge32', value: 0 }, 'wrongValue'],
    ['count', { type: 'Gauge32', value: 10_001 }, 'wrongValue'],
    ['port', { type: 'Gauge32', value: 0 }, 'wrongValue'],
    ['size', { type: 'Integer32', value: 56 }, 'wrongType'],
  ];
  for (const [name, value, reason] of wrong) {
    it(`refuses a ${name} of ${JSON.stringify(value)}`, () => {
      const [{ oid }] = cells(probeRow(), [name]) as [VarBind];
      expect(set(...create(), { oid, value })).to.equal(reason);
    });
  }

  it('refuses indices that name no request, and what cannot be written', () => {
    const column = [...probeTable.entry, probeTable.rowStatus ?? 0];
    const value = { type: 'Integer32', value: ROW_STATUS.createAndGo } as const;
    for (const index of [[], [7], [0, 1], [7, 0], [7, 1, 1]]) {
      expect(set({ oid: [...column, ...index], value })).to.equal('noCreation');
    }
    expect(set({ oid: [...probeTable.entry, 1, 7, 1], value })).to.equal('notWritable');
  });

  it('has room for so many runs', () => {
    for (let run = 1; run <= MOST_RUNS; run++) expect(set(...create({ run }))).to.equal('');
    expect(set(...create({ run: MOST_RUNS + 1 }))).to.equal('resourceUnavailable');
    expect(set(...create({ run: 1, number: 2 }))).to.equal('');
    expect(set(destroy({ run: 2 }))).to.equal('');
    expect(set(...create({ run: MOST_RUNS + 1 }))).to.equal('');
  });

  it('has room for so many requests', () => {
    const row = probeRow();
    for (let number = 2; number <= MOST_REQUESTS; number++) store.set(new ProbeRequest({ ...row, number }));
    expect(set(...create(), ...create({ number: MOST_REQUESTS + 1 }))).to.equal('resourceUnavailable');
    expect(set(...create())).to.equal('');
    expect(set(...create({ number: MOST_REQUESTS + 1 }))).to.equal('resourceUnavailable');
    expect(set(...create({ count: 4 }))).to.equal('');
    expect(store.size).to.equal(MOST_REQUESTS);
  });
});
