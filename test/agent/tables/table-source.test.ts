import { expect } from 'chai';
import { TableSource } from '../../../src/agent/tables/table-source.js';
import { oidText } from '../../../src/mib/oid.js';
import { unsigned, unsignedIndex } from '../../../src/mib/syntax.js';
import { column, defineTable, encodeIndex, sparseColumn } from '../../../src/mib/table.js';

const table = defineTable({
  name: 'test',
  entry: [1, 3, 6, 1, 99, 1],
  index: { index: unsignedIndex(1, 9) },
  columns: {
    some: sparseColumn(1, unsigned()),
    none: sparseColumn(2, unsigned()),
    all: column(3, unsigned()),
  },
});
const rows = [
  { index: 1, some: undefined, none: undefined, all: 10 },
  { index: 2, some: 20, none: undefined, all: 20 },
  { index: 3, some: undefined, none: undefined, all: 30 },
];
const source = new TableSource(table, () => rows.map((row) => ({ index: encodeIndex(table, row), row })));

describe('a table whose rows do not have all columns', () => {
  it('is walked over what there is', () => {
    const walked: string[] = [];
    for (let at = source.next(table.entry, false); at !== undefined; at = source.next(at.oid, false)) {
      walked.push(oidText(at.oid.slice(table.entry.length)));
    }
    expect(walked).to.deep.equal(['1.2', '3.1', '3.2', '3.3']);
  });

  it('has no instance of what is not known', () => {
    expect(source.get([...table.entry, 1, 1])).to.equal('noSuchInstance');
    expect(source.get([...table.entry, 1, 2])).to.deep.equal({ type: 'Gauge32', value: 20 });
  });
});
