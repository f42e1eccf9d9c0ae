import fc from 'fast-check';
import type { AnyRow, TableDefinition } from '../../src/mib/table.js';

const name = fc
  .string({
    unit: fc.constantFrom(...['a', 'b', 'X', 'Z', '0', '9', '_', '.', '-']),
    minLength: 1,
    maxLength: 15,
  })
  .filter((text) => /^[A-Za-z0-9_]/.test(text));
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6().map((text) => new URL(`http://[${text}]`).hostname.slice(1, -1)),
);
const positive = fc.integer({ min: 1, max: 0xffffffff });
/** VirtualMachineIndex (RFC 7666). */
const vmIndex = fc.integer({ min: 1, max: 0x7fffffff });

/** What each index field of the MIB may hold; a field that is new and not here makes the tests fail. */
const FIELDS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  vif: name,
  index: positive,
  vmIndex,
  networkIndex: vmIndex,
  ifName: name,
  part: fc.nat(0xffffffff),
  place: fc.nat(0xffffffff),
  run: positive,
  number: positive,
  site: positive,
  peerPrefixLength: fc.nat(128),
  prefixLength: fc.nat(128),
  address,
  destination: address,
  vtep: address,
  mac: fc.array(fc.nat(255), { minLength: 5, maxLength: 5 }).map((octets) =>
    Buffer.from([2, ...octets])
      .toString('hex')
      .replace(/(..)(?=.)/g, '$1:'),
  ),
  nextHop: fc.oneof(fc.constant(''), address),
};

/** The index fields of a row of the table. */
export function arbitraryKey(table: TableDefinition): fc.Arbitrary<AnyRow> {
  const fields = Object.keys(table.index).map((key) => [key, arbitraryField(table, key)] as const);
  return fc.record(Object.fromEntries(fields));
}

function arbitraryField({ name: table }: TableDefinition, key: string): fc.Arbitrary<unknown> {
  // Of a link the peer is an address, of two sites another site.
  if (key === 'peer') return table === 'netemuSiteLink' ? positive : address;
  // VM-MIB has no Unsigned32.
  if (key === 'index' && table.startsWith('vm')) return vmIndex;
  const field = FIELDS[key];
  if (field === undefined) throw new Error(`what may ${key} of ${table} hold?`);
  return field;
}
