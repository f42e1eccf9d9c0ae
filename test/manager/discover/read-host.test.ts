import { expect } from 'chai';
import type { NetmgrError } from '../../../src/errors.js';
import { readDiscovered } from '../../../src/manager/discover/read-host.js';
import type { SnmpSession } from '../../../src/manager/snmp/snmp-session.js';
import { bridgeTable } from '../../../src/mib/bridge-table.js';
import { hostScalars } from '../../../src/mib/host-scalars.js';
import { machineVifTable } from '../../../src/mib/machine-vif-table.js';
import { oidSuffix } from '../../../src/mib/oid.js';
import { instanceOf, type ScalarDefinitions } from '../../../src/mib/scalar.js';
import { encodeIndex, type AnyRow, type TableDefinition } from '../../../src/mib/table.js';
import type { Oid, VarBind } from '../../../src/mib/value.js';
import { vmNetworkTable } from '../../../src/mib/vm/vm-network-table.js';
import { vmScalars } from '../../../src/mib/vm/vm-scalars.js';
import { vmTable } from '../../../src/mib/vm/vm-table.js';

const VM = {
  UUID: new Uint8Array(),
  OSType: 'Linux',
  operState: 'running',
  autoStart: 'unknown',
  persistent: 'unknown',
};
const ABOUT = {
  name: 'host1',
  agentVersion: '9',
  kernel: 'Linux',
  backends: new Set(['kvm']),
  capabilities: new Set(),
};
const SOFTWARE = {
  hvSoftware: 'QEMU',
  hvVersion: '9.2',
  hvObjectID: [],
  hvUpTime: 1,
  number: 1,
  tableLastChange: 0,
};
const NO_NEWS = { perVMNotificationsEnabled: false, bulkNotificationsEnabled: false };

function scalars(definitions: ScalarDefinitions, values: AnyRow): VarBind[] {
  return Object.entries(definitions).map(([key, scalar]) => ({
    oid: instanceOf(scalar),
    value: scalar.syntax.encode(values[key]),
  }));
}

function cells(table: TableDefinition, ...rows: AnyRow[]): VarBind[] {
  return rows.flatMap((row) =>
    Object.entries(table.columns).flatMap(([key, { id, syntax }]) =>
      row[key] === undefined
        ? []
        : [
            {
              oid: [...table.entry, id, ...encodeIndex(table, row)],
              value: syntax.encode(row[key]),
            },
          ],
    ),
  );
}

/** An agent that answers with these. */
function agent(...said: VarBind[]): SnmpSession {
  const all = [
    ...scalars(hostScalars.scalars, ABOUT),
    ...scalars(vmScalars.scalars, { ...SOFTWARE, ...NO_NEWS }),
    ...said,
  ];
  const below = (column: Oid): VarBind[] => all.filter(({ oid }) => oidSuffix(oid, column) !== undefined);
  return {
    agent: { host: 'host1', address: '10.0.0.1', port: 161 },
    get: (oids: readonly Oid[]) => Promise.resolve(oids.flatMap(below)),
    walkColumns: (columns: readonly Oid[]) => Promise.resolve(columns.flatMap(below)),
  } as unknown as SnmpSession;
}

const network = (vmIndex: number, index: number, mac: string): AnyRow => ({
  ...{ vmIndex, index, ifIndex: 3, parent: 0, model: 'virtio', physAddress: mac },
});
const attached = (vmIndex: number, networkIndex: number, more: AnyRow = {}): AnyRow => ({
  ...{ vmIndex, networkIndex, vmName: 'x', name: 'vnet0', bridge: 'br0', obstacle: '', aliases: 'a b' },
  ...more,
});

describe('what an agent says of its host', () => {
  it('is machines with what is known of them, and their interfaces', async () => {
    const uuid = Buffer.from('2c9b1d1e57f04a5c9c570d3f1c1c7a11', 'hex');
    const memory = { memUnit: 1024, curMem: 262_144, maxMem: 524_288, curCpuNumber: 2 };
    const host = await readDiscovered(
      agent(
        ...cells(vmTable, { index: 7, name: 'web', ...VM, UUID: uuid, ...memory }),
        ...cells(vmNetworkTable, network(7, 1, '52:54:00:00:00:01'), network(7, 2, '01:00:5e:00:00:01')),
        ...cells(machineVifTable, attached(7, 1), attached(7, 2, { name: '', bridge: '', obstacle: 'gone' })),
        ...cells(bridgeTable, {
          ifName: 'br0',
          name: 'br0',
          kind: 'linux',
          uplink: 'eth0',
          otherUplinks: 'eth1 eth2',
        }),
      ),
      undefined,
    );
    expect(host).to.deep.include({ name: 'host1', backend: 'kvm', software: 'QEMU', version: '9.2' });
    const [web] = host.machines;
    expect(web?.memory?.toString()).to.equal('256MiB');
    expect(web).to.deep.include({
      uuid: '2c9b1d1e-57f0-4a5c-9c57-0d3f1c1c7a11',
      cpus: 2,
      aliases: ['a', 'b'],
    });
    expect(web?.vifs).to.deep.equal([
      // A group address is none of a machine.
      { name: '', mac: '', bridge: '', obstacle: 'gone' },
      { name: 'vnet0', mac: '52:54:00:00:00:01', bridge: 'br0', obstacle: '' },
    ]);
    expect(host.bridges).to.deep.equal([
      { name: 'br0', kind: 'linux', uplink: 'eth0', otherUplinks: ['eth1', 'eth2'] },
    ]);
  });

  it('is told without what cannot be, which is a warning', async () => {
    const warnings: NetmgrError[] = [];
    const host = await readDiscovered(
      agent(
        ...cells(vmTable, { index: 7, name: 'web', ...VM }, { index: 8, name: 'a&<b>"\u0007', ...VM }),
        ...cells(machineVifTable, attached(7, 1), attached(7, 2, { name: '../etc' })),
      ),
      'mine',
      (warning) => warnings.push(warning),
    );
    expect(host.name).to.equal('mine');
    expect(host.machines.map(({ name, vifs }) => [name, vifs.length])).to.deep.equal([['web', 1]]);
    expect(warnings.map(({ message }) => message)).to.deep.equal([
      'what the agent says is no value of vmName 8: a control character',
      'what the agent says is no value of netemuMachineVifName 7 2: an interface name has letters, digits, ".", "_" and "-" only',
    ]);
  });

  it('is no machine that only a configuration names', async () => {
    const unknown = { ...VM, operState: 'unknown' };
    const host = await readDiscovered(
      agent(
        ...cells(vmTable, { index: 7, name: 'gone', ...unknown }, { index: 8, name: 'tap', ...unknown }),
        ...cells(machineVifTable, attached(7, 1, { name: '', bridge: '' }), attached(8, 2)),
      ),
      undefined,
    );
    expect(host.machines.map(({ name }) => name)).to.deep.equal(['tap']);
  });

  it('is an error where the agent is too old to tell', async () => {
    const old = agent(
      ...cells(vmTable, { index: 7, name: 'a', ...VM }),
      ...cells(vmNetworkTable, network(7, 1, '')),
    );
    const error = await readDiscovered(old, undefined).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('message').that.contains('version 9').and.contains('does not tell');
  });
});
