import { expect } from 'chai';
import { Candidate } from '../../../src/manager/snmp/candidate.js';
import { Configuration } from '../../../src/mib/configuration.js';
import { unpackEdit } from '../../../src/mib/configuration-edit.js';
import { siteTable } from '../../../src/mib/site-table.js';

describe('Candidate', () => {
  const site = (number: number, name: string) => ({
    table: siteTable,
    row: { site: number, name, policy: 'proxy' as const },
  });

  it('writes what differs and nothing else', async () => {
    const observed = new Configuration();
    for (const { row } of [site(7, 'same'), site(9, 'gone')]) observed.set(siteTable, row);
    const sent: Uint8Array[] = [];
    const candidate = new Candidate(observed, (edit) => {
      sent.push(edit);
      return Promise.resolve();
    });
    candidate.set(site(7, 'same'));
    candidate.remove(site(8, 'absent'));
    await candidate.flush();
    expect(sent).to.deep.equal([]);
    candidate.set(site(7, 'other'));
    candidate.remove(site(9, 'gone'));
    await candidate.flush();
    expect(candidate.changes).to.equal(2);
    expect(sent.flatMap((edit) => unpackEdit(edit))).to.have.deep.members([
      { table: siteTable, index: [7], row: site(7, 'other').row },
      { table: siteTable, index: [9], row: undefined },
    ]);
  });
});
