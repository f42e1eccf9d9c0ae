import { expect } from 'chai';
import { Component, tableRow, type TableRow } from '../../../src/manager/components/component.js';
import { HostComponent } from '../../../src/manager/components/host-component.js';
import { Manager } from '../../../src/manager/manager.js';
import { Candidate } from '../../../src/manager/snmp/candidate.js';
import { Configuration } from '../../../src/mib/configuration.js';
import { unpackEdit, type RowChange } from '../../../src/mib/configuration-edit.js';
import { oidText } from '../../../src/mib/oid.js';
import { siteTable } from '../../../src/mib/site-table.js';
import { fixture } from '../../integration/live-lab.js';

const site = (number: number, name = `site${String(number)}`): TableRow =>
  tableRow(siteTable, { site: number, name, policy: 'proxy' });

/** A candidate with these rows in it, and what is sent to it. */
function candidateOf(rows: readonly TableRow[]): { candidate: Candidate; sent: RowChange[] } {
  const observed = new Configuration();
  for (const { table, row } of rows) observed.set(table, row as never);
  const sent: RowChange[] = [];
  const candidate = new Candidate(observed, (edit) => {
    sent.push(...unpackEdit(edit));
    return Promise.resolve();
  });
  return { candidate, sent };
}

const rowsOf = (sent: readonly RowChange[]): Record<string, unknown> =>
  Object.fromEntries(sent.map(({ index, row }) => [oidText(index), row === undefined ? 'removed' : 'set']));

describe('Component', () => {
  it('writes its rows, and takes them away again', async () => {
    const component = new Component('site', 'site7', [site(7), site(8)]);
    const empty = candidateOf([]);
    component.apply(empty.candidate);
    await empty.candidate.flush();
    expect(rowsOf(empty.sent)).to.deep.equal({ 7: 'set', 8: 'set' });

    const full = candidateOf([site(7), site(8), site(9)]);
    component.remove(full.candidate);
    await full.candidate.flush();
    expect(rowsOf(full.sent)).to.deep.equal({ 7: 'removed', 8: 'removed' });
  });
});

describe('HostComponent', () => {
  const hostOf = async (components: readonly Component[]): Promise<HostComponent> => {
    const { real } = await Manager.load(fixture('real-env/pair.xml'));
    const [host] = real.hosts;
    if (host === undefined) throw new Error('the fixture has no host');
    return new HostComponent(host, components);
  };

  it('makes a candidate what is wanted: new rows, changed rows, and no others', async () => {
    const host = await hostOf([
      new Component('site', 'a', [site(1), site(2)]),
      new Component('site', 'b', [site(3)]),
    ]);
    const { candidate, sent } = candidateOf([site(2), site(3, 'old'), site(4)]);
    await host.apply(candidate);
    expect(rowsOf(sent)).to.deep.equal({ 1: 'set', 3: 'set', 4: 'removed' });
    expect(candidate.changes).to.equal(3);
  });

  it('knows which component a row belongs to', async () => {
    const [a, b] = [new Component('site', 'a', [site(1)]), new Component('site', 'b', [site(2)])];
    const host = await hostOf([a, b]);
    expect([1, 2, 3].map((number) => host.componentOf(site(number))?.path)).to.deep.equal([
      'a',
      'b',
      undefined,
    ]);
    expect(host.path).to.equal('host1');
    expect(host.configuration.size).to.equal(2);
  });
});

describe('the components of a file', () => {
  it('hold each row once, and have paths that tell people what they are', async () => {
    const { environment } = await Manager.load(fixture('real-env/grid.xml'), fixture('virtual-env/grid.xml'));
    expect(environment.hosts.map(({ path }) => path)).to.deep.equal(['host1', 'host2', 'host3', 'host4']);
    for (const host of environment.hosts) {
      const rows = host.components.flatMap((component) => component.rows);
      expect(rows).to.have.lengthOf(host.configuration.size);
      for (const row of rows) expect(host.componentOf(row)?.rows).to.include(row);
    }
    const paths = environment.hosts.flatMap(({ components }) => components.map(({ path }) => path));
    expect(paths.some((path) => path.includes('vmgrid101'))).to.equal(true);
  });
});
