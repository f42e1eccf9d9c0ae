import { expect } from 'chai';
import fc from 'fast-check';
import { compareOids } from '../../src/mib/oid.js';
import {
  columnById,
  decodeIndex,
  encodeColumns,
  encodeIndex,
  type TableDefinition,
} from '../../src/mib/table.js';
import { configTables, readOnlyTables } from '../../src/mib/tables.js';
import { vmNetworkTable } from '../../src/mib/vm/vm-network-table.js';
import { vmTable } from '../../src/mib/vm/vm-table.js';
import { arbitraryKey } from './arbitrary-row.js';

const subid = fc.oneof(fc.nat(20), fc.nat(255), fc.nat(0xffffffff));

const tables: readonly TableDefinition[] = [...configTables, ...readOnlyTables, vmTable, vmNetworkTable];

for (const table of tables) {
  describe(`the index of ${table.name}Table`, () => {
    const key = arbitraryKey(table);

    it('comes back from its sub-identifiers', () => {
      fc.assert(
        fc.property(key, (one) => {
          const oid = encodeIndex(table, one);
          expect(oid.every((part) => Number.isInteger(part) && part >= 0 && part <= 0xffffffff)).to.equal(
            true,
          );
          // SNMP allows 128 sub-identifiers (RFC 3416 section 4.1), the entry and the column among them.
          expect(table.entry.length + 1 + oid.length).to.be.at.most(128);
          expect(decodeIndex(table, oid)).to.deep.equal(one);
        }),
      );
    });

    it('names different rows differently', () => {
      fc.assert(
        fc.property(key, key, (a, b) => {
          const same = JSON.stringify(a) === JSON.stringify(b);
          expect(compareOids(encodeIndex(table, a), encodeIndex(table, b)) === 0).to.equal(same);
        }),
      );
    });

    it('is refused with anything missing or added', () => {
      fc.assert(
        fc.property(key, subid, (one, more) => {
          const oid = encodeIndex(table, one);
          expect(decodeIndex(table, oid.slice(0, -1))).to.equal(undefined);
          expect(decodeIndex(table, [...oid, more])).to.equal(undefined);
        }),
      );
    });

    it('is read from arbitrary sub-identifiers only where it would be written so', () => {
      fc.assert(
        fc.property(fc.array(subid, { maxLength: 40 }), (oid) => {
          const decoded = decodeIndex(table, oid);
          if (decoded !== undefined) expect(encodeIndex(table, decoded)).to.deep.equal(oid);
        }),
      );
    });

    it('belongs to columns with numbers of their own', () => {
      const ids = Object.values(table.columns).map(({ id }) => id);
      if (table.rowStatus !== undefined) ids.push(table.rowStatus);
      expect(new Set(ids).size).to.equal(ids.length);
      for (const [name, { id }] of Object.entries(table.columns))
        expect(columnById(table, id)?.[0]).to.equal(name);
    });

    it('belongs to columns whose defaults survive the wire', () => {
      for (const { id, syntax, defaultValue } of Object.values(table.columns)) {
        if (defaultValue === undefined) continue;
        expect(syntax.decode(syntax.encode(defaultValue)), String(id)).to.deep.equal(defaultValue);
      }
      const defaults = Object.fromEntries(
        Object.entries(table.columns).map(([name, { defaultValue }]) => [name, defaultValue as unknown]),
      );
      const hasAll = Object.values(table.columns).every(({ defaultValue }) => defaultValue !== undefined);
      if (!hasAll) return;
      expect(encodeColumns(table, defaults).every(({ isDefault }) => isDefault)).to.equal(true);
    });
  });
}
