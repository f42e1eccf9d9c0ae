import { expect } from 'chai';
import { ProbeRequest } from '../../../src/agent/probes/probe-request.js';
import { ProbeStore } from '../../../src/agent/probes/probe-store.js';
import { TouchingSource } from '../../../src/agent/probes/touching-source.js';
import { TableSource } from '../../../src/agent/tables/table-source.js';
import { probeResultTable } from '../../../src/mib/probe-result-table.js';
import { probeRow } from './probe-fixture.js';

describe('a table of runs', () => {
  it('tells of the runs that are read, and of no others', () => {
    const store = new ProbeStore(() => 0);
    for (const run of [7, 8]) store.set(new ProbeRequest(probeRow({ run })));
    const touched: number[] = [];
    const table = new TableSource(probeResultTable, () => store.resultEntries);
    const source = new TouchingSource(table, (run) => touched.push(run));
    const state = [...probeResultTable.entry, 1];
    expect(source.prefix).to.deep.equal(probeResultTable.entry);
    expect(source.get([...state, 8, 1])).to.deep.equal({ type: 'Integer32', value: 1 });
    expect(touched).to.deep.equal([8]);
    expect(source.next([...state, 7], false)?.oid).to.deep.equal([...state, 7, 1]);
    expect(touched).to.deep.equal([8, 7]);
    // A walk through what comes before asks every source for what follows.
    expect(source.next([1, 3], false)?.oid).to.deep.equal([...state, 7, 1]);
    expect(touched).to.deep.equal([8, 7]);
  });
});
