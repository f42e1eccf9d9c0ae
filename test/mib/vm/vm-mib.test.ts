import { expect } from 'chai';
import { NETEMU_MIB, VM_MIB_CAPABILITIES } from '../../../src/mib/objects.js';
import { oidText } from '../../../src/mib/oid.js';
import { physAddress, type Syntax } from '../../../src/mib/syntax.js';
import { decodeIndex, encodeIndex, type TableDefinition } from '../../../src/mib/table.js';
import { vmNetworkTable } from '../../../src/mib/vm/vm-network-table.js';
import { vmScalars } from '../../../src/mib/vm/vm-scalars.js';
import { vmTable } from '../../../src/mib/vm/vm-table.js';
import { run } from '../../../src/process/run.js';
import { importDirectories, MIB_DIRECTORY } from '../smi-module.js';

// No package has the text of VM-MIB, so what it says is written here anew.

const INT32_MAX = 2147483647;

/** What RFC 7666 says of an object: its number, its type on the wire, and the least and the greatest of a number or size. */
type Said = readonly [oid: string, type: string, min?: number, max?: number];

const SCALARS: Readonly<Record<string, Said>> = {
  vmHvSoftware: ['1.1', 'OctetString', 0, 255],
  vmHvVersion: ['1.2', 'OctetString', 0, 255],
  vmHvObjectID: ['1.3', 'ObjectIdentifier'],
  vmHvUpTime: ['1.4', 'TimeTicks'],
  vmNumber: ['2', 'Integer32', 0, INT32_MAX],
  vmTableLastChange: ['3', 'TimeTicks'],
  vmPerVMNotificationsEnabled: ['9', 'Integer32', 1, 2],
  vmBulkNotificationsEnabled: ['10', 'Integer32', 1, 2],
};

const COLUMNS: Readonly<Record<string, Said>> = {
  vmName: ['4.1.2', 'OctetString', 0, 255],
  vmUUID: ['4.1.3', 'OctetString', 0, 16],
  vmOSType: ['4.1.4', 'OctetString', 0, 255],
  vmAdminState: ['4.1.5', 'Integer32', 1, 4],
  vmOperState: ['4.1.6', 'Integer32', 1, 12],
  vmAutoStart: ['4.1.7', 'Integer32', 1, 3],
  vmPersistent: ['4.1.8', 'Integer32', 1, 3],
  vmCurCpuNumber: ['4.1.9', 'Integer32', 0, INT32_MAX],
  vmMinCpuNumber: ['4.1.10', 'Integer32', -1, INT32_MAX],
  vmMaxCpuNumber: ['4.1.11', 'Integer32', -1, INT32_MAX],
  vmMemUnit: ['4.1.12', 'Integer32', 1, INT32_MAX],
  vmCurMem: ['4.1.13', 'Integer32', 0, INT32_MAX],
  vmMinMem: ['4.1.14', 'Integer32', -1, INT32_MAX],
  vmMaxMem: ['4.1.15', 'Integer32', -1, INT32_MAX],
  vmUpTime: ['4.1.16', 'TimeTicks'],
  vmCpuTime: ['4.1.17', 'Counter64'],
  vmNetworkIfIndex: ['8.1.2', 'Integer32', 0, INT32_MAX],
  vmNetworkParent: ['8.1.3', 'Integer32', 0, INT32_MAX],
  vmNetworkModel: ['8.1.4', 'OctetString', 0, 255],
  vmNetworkPhysAddress: ['8.1.5', 'OctetString'],
};

const LABELS: Readonly<Record<string, readonly string[]>> = {
  vmAdminState: ['running', 'suspended', 'paused', 'shutdown'],
  vmOperState: [
    ...['unknown', 'other', 'preparing', 'running', 'suspending', 'suspended', 'resuming'],
    ...['paused', 'migrating', 'shuttingdown', 'shutdown', 'crashed'],
  ],
  vmAutoStart: ['unknown', 'enabled', 'disabled'],
  vmPersistent: ['unknown', 'persistent', 'transient'],
};

const TEXT = 0x62;

/** Whether each value at the bounds is taken, and each beside them refused. */
function checkBounds(name: string, syntax: Syntax<unknown>, min: number, max: number): void {
  const takes = (number: number): boolean => {
    try {
      syntax.decode(
        syntax.type === 'OctetString'
          ? { type: 'OctetString', value: new Uint8Array(number).fill(TEXT) }
          : { type: 'Integer32', value: number },
      );
      return true;
    } catch {
      return false;
    }
  };
  for (const [number, isTaken] of [
    [min - 1, false],
    [min, true],
    [max, true],
    [max + 1, false],
  ] as const) {
    if (number < 0 && syntax.type === 'OctetString') continue;
    expect(takes(number), `${name}: ${String(number)}`).to.equal(isTaken);
  }
}

const nameOf = (prefix: string, key: string): string => prefix + key.charAt(0).toUpperCase() + key.slice(1);

describe('VM-MIB', () => {
  const defined = new Map<string, readonly [oid: readonly number[], syntax: Syntax<unknown>]>();
  for (const [key, { oid, syntax }] of Object.entries(vmScalars.scalars)) {
    defined.set(nameOf('vm', key), [oid, syntax as Syntax<unknown>]);
  }
  for (const { name, entry, columns } of [vmTable, vmNetworkTable] as readonly TableDefinition[]) {
    for (const [key, { id, syntax }] of Object.entries(columns)) {
      defined.set(nameOf(name, key), [[...entry, id], syntax as Syntax<unknown>]);
    }
  }
  const said = { ...SCALARS, ...COLUMNS };

  it('has all objects of the groups that are served, and no others', () => {
    expect([...defined.keys()]).to.have.members(Object.keys(said));
  });

  for (const [name, [tail, type, min, max]] of Object.entries(said)) {
    it(`has ${name} as RFC 7666 says`, () => {
      const [oid, syntax] = defined.get(name) ?? [];
      if (oid === undefined || syntax === undefined) throw new Error('the code does not have it');
      expect(oidText(oid)).to.equal(`1.3.6.1.2.1.236.1.${tail}`);
      expect(syntax.type).to.equal(type);
      const labels = LABELS[name];
      if (labels !== undefined) {
        const numbered = Object.fromEntries(labels.map((label, i) => [label, i + 1]));
        expect((syntax as { labels?: unknown }).labels).to.deep.equal(numbered);
      }
      if (min !== undefined && max !== undefined) checkBounds(name, syntax, min, max);
    });
  }

  it('numbers machines and their interfaces from 1 to 2147483647', () => {
    for (const index of [
      [1, 1],
      [INT32_MAX, INT32_MAX],
    ] as const) {
      const row = decodeIndex(vmNetworkTable, index);
      expect(row).to.deep.equal({ vmIndex: index[0], index: index[1] });
      expect(encodeIndex(vmNetworkTable, row ?? {})).to.deep.equal(index);
      expect(decodeIndex(vmTable, index.slice(1))).to.deep.equal({ index: index[0] });
    }
    for (const index of [[0, 1], [1, 0], [INT32_MAX + 1, 1], [1], [1, 1, 1]]) {
      expect(decodeIndex(vmNetworkTable, index), String(index)).to.equal(undefined);
    }
  });

  it('has addresses of any length, and none', () => {
    for (const [text, octets] of [
      ['', []],
      ['00:16:3e:00:00:01', [0, 0x16, 0x3e, 0, 0, 1]],
      ['80:00:02:08:fe', [0x80, 0, 2, 8, 0xfe]],
    ] as const) {
      const wire = physAddress.encode(text);
      expect(wire).to.deep.equal({ type: 'OctetString', value: Buffer.from(octets) });
      expect(physAddress.decode(wire)).to.equal(text);
    }
  });

  it('has its capabilities where NETEMU-MIB says', async () => {
    const path = [...(await importDirectories()), MIB_DIRECTORY].join(':');
    const argv = ['snmptranslate', '-M', path, '-m', 'NETEMU-MIB', '-On'] as const;
    const { stdout } = await run([...argv, 'NETEMU-MIB::netemuVmMibCapabilities']);
    expect(stdout.trim()).to.equal(`.${oidText(VM_MIB_CAPABILITIES)}`);
    expect(oidText(VM_MIB_CAPABILITIES)).to.match(new RegExp(`^${oidText(NETEMU_MIB)}\\.2\\.`));
  });
});
