import { readdir } from 'node:fs/promises';
import { expect } from 'chai';
import { oidText } from '../../src/mib/oid.js';
import type { ScalarDefinitions, ScalarGroup } from '../../src/mib/scalar.js';
import type { Syntax } from '../../src/mib/syntax.js';
import { decodeIndex, encodeIndex, type TableDefinition } from '../../src/mib/table.js';
import { configTables, readOnlyTables, requestTables } from '../../src/mib/tables.js';
import type { Oid, SnmpValue } from '../../src/mib/value.js';
import { run } from '../../src/process/run.js';
import {
  importDirectories,
  MIB_DIRECTORY,
  MIB_FILE,
  readSmiModule,
  runSmi,
  type SmiModule,
  type SmiObject,
  type SmiTable,
  type SmiType,
} from './smi-module.js';

const capitalised = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1);

/** What the files of src/mib whose names end so export. */
async function exportsOf(ending: string): Promise<unknown[]> {
  const directory = new URL('../../src/mib/', import.meta.url);
  const files = (await readdir(directory)).filter((name) => name.endsWith(ending)).sort();
  const modules = await Promise.all(
    files.map((file) => import(new URL(file, directory).href) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap((module) => Object.values(module));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isTable = (value: unknown): value is TableDefinition => isObject(value) && 'entry' in value;
const isScalarGroup = (value: unknown): value is ScalarGroup<ScalarDefinitions> =>
  isObject(value) && 'scalars' in value;

const scalarGroups = (await exportsOf('-scalars.ts')).filter(isScalarGroup);
const tables = [...configTables, ...requestTables, ...readOnlyTables];

function accepts(syntax: Syntax<unknown>, value: SnmpValue): boolean {
  try {
    syntax.decode(value);
    return true;
  } catch {
    return false;
  }
}

const LIMITS = { Gauge32: [0, 2 ** 32 - 1], Integer32: [-(2 ** 31), 2 ** 31 - 1] } as const;

/** Values at and beside the bounds of the type, and whether the module admits them. */
function* samplesOf({ wire, ranges, labels, name }: SmiType): Generator<readonly [SnmpValue, boolean]> {
  if (wire === 'Integer32' || wire === 'Gauge32') {
    const [lowest, highest] = LIMITS[wire];
    const admitted = labels === undefined ? ranges : Object.values(labels).map((n) => [n, n] as const);
    const bounds: (readonly [number, number])[] = admitted.length === 0 ? [[lowest, highest]] : [...admitted];
    for (const number of new Set(bounds.flatMap(([min, max]) => [min - 1, min, max, max + 1]))) {
      if (number < lowest || number > highest) continue;
      const isAdmitted = bounds.some(([min, max]) => number >= min && number <= max);
      yield [{ type: wire, value: number }, isAdmitted];
    }
  } else if (wire === 'OctetString' && labels === undefined) {
    // Sizes between two admitted ones, such as of (0 | 32), are the agent's to refuse.
    const min = Math.min(...ranges.map(([from]) => from));
    const max = Math.max(...ranges.map(([, to]) => to));
    for (const size of [min - 1, min, max, max + 1]) {
      if (size < 0) continue;
      // "b" is text, a part of an interface name, and of an address that is no group address.
      const value = new Uint8Array(size).fill(0x62);
      yield [{ type: 'OctetString', value }, size >= min && size <= max];
    }
  } else if (labels === undefined) {
    if (wire !== 'ObjectIdentifier' && !wire.startsWith('Counter') && wire !== 'TimeTicks') {
      throw new Error(`this test does not know ${name}`);
    }
  }
}

function checkSyntax(syntax: Syntax<unknown>, { name, type }: SmiObject): void {
  expect(syntax.type, `${name}: type on the wire`).to.equal(type.wire);
  if ('labels' in syntax) expect(syntax.labels, `${name}: labels`).to.deep.equal(type.labels);
  else if (type.labels !== undefined) expect(type.name, `${name}: labels`).to.equal('TruthValue');
  for (const [value, isAdmitted] of samplesOf(type)) {
    const shown =
      value.type === 'OctetString' ? `${String(value.value.length)} octets` : JSON.stringify(value);
    expect(accepts(syntax, value), `${name}: accepts ${shown}`).to.equal(isAdmitted);
  }
}

/** A DEFVAL as it crosses the wire: a number, or octets in hexadecimal. */
function defaultOf({ defaultText, type }: SmiObject): number | string | undefined {
  if (defaultText === undefined) return undefined;
  if (type.wire !== 'OctetString') return type.labels?.[defaultText] ?? Number(defaultText);
  return defaultText.startsWith('0x')
    ? defaultText.slice(2).toLowerCase()
    : Buffer.from(defaultText.replace(/^"|"$/g, '')).toString('hex');
}

function wireText(value: SnmpValue): number | string {
  if (value.type === 'OctetString') return Buffer.from(value.value).toString('hex');
  if (value.type === 'Integer32' || value.type === 'Gauge32') return value.value;
  throw new Error(`no DEFVAL of ${value.type} is known to this test`);
}

/** The sub-identifiers of a possible row, for addresses of `octets` octets. */
function sampleIndex(parts: readonly SmiObject[], octets: 4 | 16): number[] {
  return parts.flatMap(({ type }, i) => {
    if (type.name === 'InetAddressType') return [octets === 4 ? 1 : 2];
    if (type.name === 'InetAddress') return [octets, ...Array.from({ length: octets }, (_, n) => 32 + i + n)];
    // Its length is fixed, and so not in the index.
    if (type.name === 'MacAddress') return [2, 0, 0, 0, 0, 1];
    if (type.wire === 'OctetString') return [6, ...Buffer.from('vif1.0')];
    return [10 + i];
  });
}

/** The name in the module of the index part that the code calls `key`. */
function indexName(table: TableDefinition, key: string): string {
  if (key === 'vif') return 'netemuVifName';
  if (key === 'site') return 'netemuSiteIndex';
  if (key === 'vtep') return 'netemuOverlayVtepAddress';
  return table.name.replace(/(State|Result)$/, '') + capitalised(key);
}

describe('the text of NETEMU-MIB', () => {
  it('is clean to smilint', async () => {
    const { stdout, stderr } = await runSmi(['smilint', '-l', '6', '-s', MIB_FILE]);
    expect(stdout + stderr).to.equal('');
  });

  it('loads in snmptranslate, by name and by number', async () => {
    const path = [...(await importDirectories()), MIB_DIRECTORY].join(':');
    const translate = async (...args: string[]): Promise<string> =>
      (await run(['snmptranslate', '-M', path, '-m', 'NETEMU-MIB', ...args])).stdout.trim();
    const pairs = [
      ['netemuCfgAction.0', '.1.3.6.1.4.1.32473.1.1.2.3.0'],
      ['netemuProfileBandwidth.7', '.1.3.6.1.4.1.32473.1.1.3.1.1.3.7'],
      ['netemuLinkProfile', '.1.3.6.1.4.1.32473.1.1.3.3.1.4'],
      ['netemuVifStateTxBandwidth."tap0"', '.1.3.6.1.4.1.32473.1.1.4.1.1.7.4.116.97.112.48'],
      ['netemuProbeStart.0', '.1.3.6.1.4.1.32473.1.1.6.1.0'],
      ['netemuProbeTarget.4711.1', '.1.3.6.1.4.1.32473.1.1.6.2.1.6.4711.1'],
      ['netemuCommitDone', '.1.3.6.1.4.1.32473.1.0.1'],
    ] as const;
    for (const [name, oid] of pairs) {
      expect(await translate('-On', `NETEMU-MIB::${name}`)).to.equal(oid);
      expect(await translate(oid)).to.equal(`NETEMU-MIB::${name}`);
    }
    // snmptranslate takes an address in an index as numbers only, but shows it as text.
    const link = '.1.3.6.1.4.1.32473.1.1.3.3.1.4.6.118.105.102.49.46.48.1.4.10.2.0.0.16';
    expect(await translate(link)).to.equal('NETEMU-MIB::netemuLinkProfile."vif1.0".ipv4."10.2.0.0".16');
  });
});

describe('NETEMU-MIB', () => {
  let module: SmiModule;

  before(async () => {
    module = await readSmiModule();
  });

  const tableOf = (definition: TableDefinition): SmiTable => {
    const found = module.tables.get(`${definition.name}Table`);
    if (found === undefined) throw new Error(`the module has no ${definition.name}Table`);
    return found;
  };
  const objectOf = (name: string): SmiObject => {
    const found = module.objects.get(name);
    if (found === undefined) throw new Error(`the module has no ${name}`);
    return found;
  };

  it('has each table of src/mib in the registry', async () => {
    const defined = (await exportsOf('-table.ts')).filter(isTable);
    expect(defined.length).to.be.greaterThan(0);
    expect(tables).to.have.members(defined);
  });

  for (const table of tables) {
    describe(`${table.name}Table`, () => {
      it('has the OID and the INDEX of the code', () => {
        const found = tableOf(table);
        expect(oidText(found.entry)).to.equal(oidText(table.entry));
        const parts = found.index.map(objectOf);
        // The type of an address is no part of its own in the code.
        const names = parts.filter(({ type }) => type.name !== 'InetAddressType').map(({ name }) => name);
        expect(Object.keys(table.index).map((key) => indexName(table, key))).to.deep.equal(names);
        for (const octets of [4, 16] as const) {
          const sample = sampleIndex(parts, octets);
          const row = decodeIndex(table, sample);
          expect(row, `decoded index ${oidText(sample)}`).to.not.equal(undefined);
          expect(oidText(encodeIndex(table, row ?? {}))).to.equal(oidText(sample));
        }
      });

      it('has the bounds of the index parts of the code', () => {
        const parts = tableOf(table).index.map(objectOf);
        const before = (end: number): Oid => sampleIndex(parts.slice(0, end), 16);
        parts.forEach(({ name, type }, i) => {
          if (type.wire !== 'Gauge32') return;
          const rest = sampleIndex(parts, 16).slice(before(i + 1).length);
          for (const [value, isAdmitted] of samplesOf(type)) {
            if (value.type !== 'Gauge32') continue;
            const row = decodeIndex(table, [...before(i), value.value, ...rest]);
            expect(row !== undefined, `${name} ${String(value.value)}`).to.equal(isAdmitted);
          }
        });
      });

      for (const [key, { id, syntax, defaultValue }] of Object.entries(table.columns)) {
        it(`has the column ${key} of the code`, () => {
          const found = objectOf(table.name + capitalised(key));
          expect(oidText(found.oid)).to.equal(oidText([...table.entry, id]));
          expect(found.access).to.equal(table.rowStatus === undefined ? 'readonly' : 'readwrite');
          checkSyntax(syntax, found);
          const ours = defaultValue === undefined ? undefined : wireText(syntax.encode(defaultValue));
          expect(ours, 'DEFVAL').to.equal(defaultOf(found));
        });
      }

      it('has the RowStatus of the code', () => {
        const found = tableOf(table).columns.filter(({ type }) => type.name === 'RowStatus');
        const ids = table.rowStatus === undefined ? [] : [table.rowStatus];
        expect(found.map(({ oid }) => oid.at(-1))).to.deep.equal(ids);
        if (ids.length > 0) expect(found[0]?.name).to.equal(`${table.name}RowStatus`);
      });
    });
  }

  for (const table of [...configTables, ...requestTables]) {
    it(`has no column in ${table.name}Table that the code does not have`, () => {
      // The digest of a configuration covers all of its own.
      const writable = tableOf(table).columns.filter(({ access }) => access === 'readwrite');
      const ids = [...Object.values(table.columns).map(({ id }) => id), table.rowStatus];
      expect(writable.map(({ oid }) => oid.at(-1))).to.have.members(ids);
    });
  }

  for (const group of scalarGroups) {
    for (const [key, scalar] of Object.entries(group.scalars)) {
      it(`has the scalar ${group.name}${capitalised(key)} of the code`, () => {
        const found = module.scalars.get(group.name + capitalised(key));
        if (found === undefined) throw new Error('the module does not have it');
        expect(oidText(found.oid)).to.equal(oidText(scalar.oid));
        expect(found.access).to.equal(scalar.access.replace('-', ''));
        checkSyntax(scalar.syntax as Syntax<unknown>, found);
      });
    }
  }
});
