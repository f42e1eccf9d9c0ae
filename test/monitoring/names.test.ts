import { expect } from 'chai';
import { parse as parseToml } from 'smol-toml';
import { oidText, parseOid } from '../../src/mib/oid.js';
import { readSmiModule, type SmiModule, type SmiObject } from '../mib/smi-module.js';
import { readText, readYaml } from './files.js';

const UUID_V4 = /^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/;

let module: SmiModule;

/** The object of the MIB that an OID is of: a scalar with its .0, or a column with what a row's index is put for. */
function objectAt(text: string): SmiObject {
  const instance = text.replace(/^\./, '');
  const isScalar = instance.endsWith('.0');
  const oid = oidText(parseOid(instance.replace(/\.(0|\{.*\})$/, '')));
  const found = [...module.objects.values()].find((object) => oidText(object.oid) === oid);
  if (found === undefined) throw new Error(`the MIB has nothing at ${text}`);
  expect(module.scalars.has(found.name), `${text} is one instance`).to.equal(isScalar);
  expect(found.access, found.name).to.not.equal('noaccess');
  return found;
}

/** The numbers and names of an enumeration. */
const labelsOf = (name: string): [string, string][] =>
  Object.entries(module.objects.get(name)?.type.labels ?? {}).map(([label, number]) => [
    String(number),
    label,
  ]);

/** All values of a key anywhere in a document. */
function* valuesOf(document: unknown, key: string): Generator<string> {
  if (typeof document !== 'object' || document === null) return;
  for (const [name, value] of Object.entries(document)) {
    if (name === key && typeof value === 'string') yield value;
    else yield* valuesOf(value, key);
  }
}

before(async () => {
  module = await readSmiModule();
});

interface TelegrafField {
  readonly oid: string;
  readonly name: string;
  readonly is_tag?: boolean;
}
interface TelegrafInput {
  readonly version: number;
  readonly sec_level: string;
  readonly field: readonly TelegrafField[];
  readonly table: readonly { readonly name: string; readonly field: readonly TelegrafField[] }[];
}

describe("Telegraf's file", () => {
  const { snmp } = (
    parseToml(readText('telegraf/netmgr.conf')) as unknown as { inputs: { snmp: readonly TelegrafInput[] } }
  ).inputs;
  const fields = snmp.flatMap(({ field, table }) => [...field, ...table.flatMap((one) => one.field)]);

  it('asks for objects of the MIB, and names each after its own', () => {
    for (const { oid, name } of fields) {
      const known = objectAt(oid).name;
      const words = name.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
      const called = {
        vif: ['Name', 'VifName'],
        machine: ['VmName'],
        peer: ['PeerName'],
        profile: ['ProfileName'],
      }[name];
      const endings = called ?? [words.join('')];
      expect(
        endings.some((ending) => known.endsWith(ending)),
        `${name} is ${known}`,
      ).to.be.true;
    }
  });

  it('asks privately, and has the names of vifs and links as tags', () => {
    for (const { version, sec_level: level } of snmp) expect([version, level]).to.deep.equal([3, 'authPriv']);
    const tags = snmp.flatMap(({ table }) =>
      table.map(({ name, field }) => [name, field.filter((one) => one.is_tag).map((one) => one.name)]),
    );
    expect(tags).to.deep.equal([
      ['netemu_vif', ['vif', 'machine']],
      ['netemu_link', ['vif', 'peer']],
    ]);
  });
});

interface ZabbixItem {
  readonly key: string;
  readonly snmp_oid: string;
  readonly valuemap?: { readonly name: string };
}
interface ZabbixTemplate {
  readonly template: string;
  readonly items: readonly ZabbixItem[];
  readonly discovery_rules: readonly {
    readonly snmp_oid: string;
    readonly item_prototypes: readonly ZabbixItem[];
  }[];
  readonly macros: readonly { readonly macro: string }[];
  readonly valuemaps: readonly {
    readonly name: string;
    readonly mappings: readonly { readonly value: string; readonly newvalue: string }[];
  }[];
}

describe("Zabbix's template", () => {
  const document = readYaml('zabbix/netmgr.yaml') as { zabbix_export: { templates: [ZabbixTemplate] } };
  const [template] = document.zabbix_export.templates;
  const items = [
    ...template.items,
    ...template.discovery_rules.flatMap(({ item_prototypes: prototypes }) => prototypes),
  ];

  it('asks for objects of the MIB by their names', () => {
    for (const { key, snmp_oid: oid } of items) expect(objectAt(oid).name).to.equal(key.replace(/\[.*/, ''));
  });

  it('finds vifs and links by the columns of their names', () => {
    const found = template.discovery_rules.map(({ snmp_oid: oid }) =>
      [...oid.matchAll(/\{#(\w+)\},([\d.]+)/g)].map(([, macro, column = '']) => [
        macro,
        objectAt(`${column}.{row}`).name,
      ]),
    );
    expect(found).to.deep.equal([
      [
        ['VIF', 'netemuVifStateName'],
        ['MACHINE', 'netemuVifStateVmName'],
      ],
      [
        ['VIF', 'netemuLinkStateVifName'],
        ['PEER', 'netemuLinkStatePeerName'],
      ],
    ]);
  });

  it('has the words of the enumerations', () => {
    const maps = new Map(
      template.valuemaps.map(({ name, mappings }) => [
        name,
        mappings.map(({ value, newvalue }) => [value, newvalue]),
      ]),
    );
    for (const { key, snmp_oid: oid, valuemap } of items) {
      const { name, type } = objectAt(oid);
      expect(valuemap !== undefined, key).to.equal(type.labels !== undefined);
      if (valuemap !== undefined) expect(maps.get(valuemap.name), key).to.deep.equal(labelsOf(name));
    }
  });

  it('has UUIDs of version 4, each once', () => {
    const uuids = [...valuesOf(document, 'uuid')];
    for (const uuid of uuids) expect(uuid).to.match(UUID_V4);
    expect(new Set(uuids).size).to.equal(uuids.length);
  });

  it('has triggers about its own items and macros', () => {
    const keys = items.map(({ key }) => key);
    const macros = template.macros.map(({ macro }) => macro);
    for (const expression of valuesOf(document, 'expression')) {
      const named = [...expression.matchAll(/\(\/([^/]+)\/(\w+(?:\[[^\]]*\])?)/g)];
      expect(named, expression).to.not.be.empty;
      for (const [, where, key] of named) {
        expect(where).to.equal(template.template);
        expect(keys).to.include(key);
      }
      for (const [macro] of expression.matchAll(/\{\$[\w.]+\}/g)) expect(macros).to.include(macro);
    }
  });
});

interface LibrenmsSensor {
  readonly oid: string;
  readonly value?: string;
  readonly num_oid: string;
  readonly index: string;
  readonly descr: string;
  readonly snmp_flags?: readonly string[];
  readonly states?: readonly { readonly value: number; readonly descr: string }[];
}

describe("LibreNMS's definitions", () => {
  const discovery = readYaml('librenms/os_discovery/netmgr.yaml') as {
    mib: string;
    modules: {
      os: Readonly<Record<string, string>>;
      sensors: Readonly<Record<string, { data: readonly LibrenmsSensor[] }>>;
    };
  };
  const sensors = Object.values(discovery.modules.sensors).flatMap(({ data }) => data);

  it('are about objects of the MIB, by name and by number', () => {
    for (const { oid, value = oid, num_oid: number, index } of sensors) {
      const isColumn = module.tables.has(oid);
      const instance = isColumn ? number : number.replace('{{ $index }}', '0');
      expect(objectAt(instance).name).to.equal(value);
      expect(index).to.equal(`${value}.{{ $index }}`);
      if (isColumn) {
        const columns = module.tables.get(oid)?.columns.map(({ name }) => name);
        expect(columns).to.include(value);
      }
    }
    for (const text of Object.values(discovery.modules.os)) {
      const [, name = ''] = /^NETEMU-MIB::(\w+)\.0$/.exec(text) ?? [];
      expect(module.scalars.has(name), text).to.be.true;
    }
  });

  it('show columns of the same table', () => {
    for (const { oid, descr } of sensors) {
      const shown = [...descr.matchAll(/\{\{ \$(\w+) \}\}/g)].map(([, name]) => name);
      const columns = module.tables.get(oid)?.columns.map(({ name }) => name) ?? [];
      expect(columns).to.include.members(shown);
      if (columns.length > 0) expect(shown).to.not.be.empty;
    }
  });

  it('have the words of the enumerations', () => {
    for (const { oid, value = oid, states } of sensors) {
      const words = states?.map((state) => [String(state.value), state.descr]) ?? [];
      expect(words, value).to.deep.equal(labelsOf(value));
    }
  });

  it('tell a host of netmgr by its name', () => {
    const { os, discovery: rules } = readYaml('librenms/os_detection/netmgr.yaml') as {
      os: string;
      discovery: readonly { snmpget: { oid: string } }[];
    };
    expect(os).to.equal('netmgr');
    expect(rules.map(({ snmpget }) => objectAt(snmpget.oid).name)).to.deep.equal(['netemuHostName']);
  });
});
