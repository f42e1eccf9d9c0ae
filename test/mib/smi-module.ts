import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { XMLParser } from 'fast-xml-parser';
import { parseOid } from '../../src/mib/oid.js';
import type { Oid, SnmpValue } from '../../src/mib/value.js';
import { run } from '../../src/process/run.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where the module of this project is. */
export const MIB_DIRECTORY = `${ROOT}mibs`;
export const MIB_FILE = `${MIB_DIRECTORY}/NETEMU-MIB.txt`;

/** What a SYNTAX clause comes down to. */
export interface SmiType {
  readonly wire: SnmpValue['type'];
  /** The textual convention, or the type of SNMPv2-SMI, that the object names. */
  readonly name: string;
  /** Values of a number, octets of a string; none means all. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Of an enumeration or of BITS. */
  readonly labels: Readonly<Record<string, number>> | undefined;
}

export interface SmiObject {
  readonly name: string;
  readonly oid: Oid;
  readonly type: SmiType;
  readonly access: 'noaccess' | 'readonly' | 'readwrite' | 'notifyonly';
  /** The DEFVAL as smidump writes it. */
  readonly defaultText: string | undefined;
}

export interface SmiTable {
  readonly name: string;
  readonly entry: Oid;
  /** The names of the objects of the INDEX clause. */
  readonly index: readonly string[];
  readonly columns: readonly SmiObject[];
}

export interface SmiModule {
  readonly scalars: ReadonlyMap<string, SmiObject>;
  readonly tables: ReadonlyMap<string, SmiTable>;
  /** All columns and scalars by their names. */
  readonly objects: ReadonlyMap<string, SmiObject>;
}

interface XmlTypedef {
  name?: string;
  basetype: string;
  parent?: { module: string; name: string };
  range?: { min: string; max: string }[];
  namednumber?: { name: string; number: string }[];
}
interface XmlObject {
  name: string;
  oid: string;
  syntax: { typedef?: XmlTypedef[]; type?: { module: string; name: string } };
  access: SmiObject['access'];
  default?: string;
}
interface XmlTable {
  name: string;
  row: { oid: string; linkage: { index: { name: string }[] }; column: XmlObject[] };
}
interface XmlModule {
  smi: {
    typedefs?: { typedef: XmlTypedef[] };
    nodes?: { scalar?: XmlObject[]; table?: XmlTable[] };
  };
}

/**
 * The directories of the modules that ours imports. Erlang's has the SNMPv2 framework, net-snmp's of npm has
 * IF-MIB; the first has its version in its path.
 */
export async function importDirectories(): Promise<string[]> {
  const erlang = '/usr/lib/erlang/lib';
  const snmp = (await readdir(erlang)).filter((name) => name.startsWith('snmp-')).sort();
  return [...snmp.map((name) => `${erlang}/${name}/mibs`), `${ROOT}node_modules/net-snmp/lib/mibs`];
}

/** Runs a tool of libsmi without the system's configuration; what it says and what it complains about. */
export async function runSmi(
  argv: readonly [string, ...string[]],
): Promise<{ stdout: string; stderr: string }> {
  const [tool, ...args] = argv;
  return run([tool, '-c', '/dev/null', ...args], {
    env: { SMIPATH: (await importDirectories()).join(':') },
    // smidump stops at nothing with -k but tells so.
    accept: [0, 1],
  });
}

const LISTS = new Set(['typedef', 'range', 'namednumber', 'scalar', 'table', 'column', 'index']);

async function dump(module: string): Promise<XmlModule['smi']> {
  const { stdout } = await runSmi(['smidump', '-k', '-q', '-f', 'xml', module]);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    isArray: (name) => LISTS.has(name),
  });
  return (parser.parse(stdout) as XmlModule).smi;
}

// The types of SNMPv2-SMI that have a tag of their own; the others follow from libsmi's base type.
const APPLICATION_TYPES: Readonly<Record<string, SnmpValue['type']>> = {
  Counter32: 'Counter32',
  Counter64: 'Counter64',
  Gauge32: 'Gauge32',
  IpAddress: 'IpAddress',
  Opaque: 'Opaque',
  TimeTicks: 'TimeTicks',
  Unsigned32: 'Gauge32',
  Integer32: 'Integer32',
};
const BASE_TYPES: Readonly<Record<string, SnmpValue['type']>> = {
  OctetString: 'OctetString',
  Bits: 'OctetString',
  Enumeration: 'Integer32',
  Integer32: 'Integer32',
  Unsigned32: 'Gauge32',
  ObjectIdentifier: 'ObjectIdentifier',
};

class Types {
  readonly #modules = new Map<string, readonly XmlTypedef[]>();

  async of({ typedef, type }: XmlObject['syntax']): Promise<SmiType> {
    if (type !== undefined) return this.#named(type.module, type.name);
    const [own] = typedef ?? [];
    if (own === undefined) throw new Error('a SYNTAX without a type');
    return this.#refined(own, own.parent?.name ?? own.basetype);
  }

  async #named(module: string, name: string): Promise<SmiType> {
    const application = module === 'SNMPv2-SMI' ? APPLICATION_TYPES[name] : undefined;
    if (application !== undefined) return { wire: application, name, ranges: [], labels: undefined };
    let typedefs = this.#modules.get(module);
    if (typedefs === undefined) {
      typedefs = (await dump(module === 'NETEMU-MIB' ? MIB_FILE : module)).typedefs?.typedef ?? [];
      this.#modules.set(module, typedefs);
    }
    const found = typedefs.find((candidate) => candidate.name === name);
    if (found !== undefined) return this.#refined(found, name);
    const base = BASE_TYPES[name];
    if (base === undefined) throw new Error(`${module} has no type ${name}`);
    return { wire: base, name, ranges: [], labels: undefined };
  }

  async #refined(typedef: XmlTypedef, name: string): Promise<SmiType> {
    const parent =
      typedef.parent === undefined
        ? undefined
        : await this.#named(typedef.parent.module, typedef.parent.name);
    const wire = parent?.wire ?? BASE_TYPES[typedef.basetype];
    if (wire === undefined) throw new Error(`${name} has the unknown base type ${typedef.basetype}`);
    return {
      wire,
      name,
      ranges:
        typedef.range?.map(({ min, max }) => [Number(min), Number(max)] as const) ?? parent?.ranges ?? [],
      labels:
        typedef.namednumber === undefined
          ? parent?.labels
          : Object.fromEntries(typedef.namednumber.map((label) => [label.name, Number(label.number)])),
    };
  }
}

/** The project's module as libsmi understands it. */
export async function readSmiModule(): Promise<SmiModule> {
  const { nodes } = await dump(MIB_FILE);
  const types = new Types();
  const object = async (xml: XmlObject): Promise<SmiObject> => ({
    name: xml.name,
    oid: parseOid(xml.oid),
    type: await types.of(xml.syntax),
    access: xml.access,
    defaultText: xml.default,
  });
  const scalars = new Map<string, SmiObject>();
  for (const xml of nodes?.scalar ?? []) scalars.set(xml.name, await object(xml));
  const tables = new Map<string, SmiTable>();
  const objects = new Map(scalars);
  for (const { name, row } of nodes?.table ?? []) {
    const columns: SmiObject[] = [];
    for (const xml of row.column) columns.push(await object(xml));
    for (const column of columns) objects.set(column.name, column);
    const index = row.linkage.index.map((part) => part.name);
    tables.set(name, { name, entry: parseOid(row.oid), index, columns });
  }
  return { scalars, tables, objects };
}
