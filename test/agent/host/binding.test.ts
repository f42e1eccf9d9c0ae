import { expect } from 'chai';
import { Binding } from '../../../src/agent/host/binding.js';
import { holdOf } from '../../../src/agent/host/hold.js';
import { missingVifs } from '../../../src/agent/host/host-problem.js';
import { locateByMachine, locateByName, type LocatedVifs } from '../../../src/agent/host/locate-vifs.js';
import type { Link } from '../../../src/agent/kernel/ip/links.js';
import type { ListedMachine, MachineInterface } from '../../../src/agent/machines/machine-driver.js';
import { addrTable } from '../../../src/mib/addr-table.js';
import { Configuration } from '../../../src/mib/configuration.js';
import { linkTable, type LinkRow } from '../../../src/mib/link-table.js';
import { overlayMachineTable } from '../../../src/mib/overlay-machine-table.js';
import { defaultsOf } from '../../../src/mib/table.js';
import { vifTable, type VifRow } from '../../../src/mib/vif-table.js';

const MAC = ['52:54:00:00:00:01', '52:54:00:00:00:02', '52:54:00:00:00:03'] as const;

const row = (vif: string, more: Partial<VifRow> = {}): VifRow => ({
  ...(defaultsOf(vifTable) as VifRow),
  ...{ vif, vmName: `vm-${vif}`, macAddress: MAC[0] },
  ...more,
});
const machine = (name: string, ...interfaces: Partial<MachineInterface>[]): ListedMachine => ({
  name,
  aliases: [`uuid-of-${name}`],
  interfaces: interfaces.map((one) => ({ vif: '', model: '', mac: '', ...one })),
});
const configurationOf = (...rows: VifRow[]): Configuration => {
  const configuration = new Configuration();
  for (const one of rows) configuration.set(vifTable, one);
  return configuration;
};
const links = (...names: string[]): Map<string, Link> =>
  new Map(names.map((name) => [name, { name } as Link]));

describe('where a vif is', () => {
  const whyOf = ({ away }: LocatedVifs): string => away.map(({ why }) => why).join();

  it('is told by the MAC address, whatever the interface is called', () => {
    const machines = [
      machine('a', { vif: 'vnet7', mac: MAC[1] }),
      machine('b', { vif: 'vnet3', mac: MAC[0] }),
    ];
    const { places, away } = locateByMachine([row('vnet7')], machines);
    expect([...places]).to.deep.equal([['vnet7', { device: 'vnet3', machine: 'b' }]]);
    expect(away).to.deep.equal([]);
  });

  it('is of the machine that is named, by its name or another of its names', () => {
    const machines = [
      machine('a', { vif: 'vnet1', mac: MAC[0] }),
      machine('b', { vif: 'vnet2', mac: MAC[0] }),
    ];
    for (const name of ['b', 'uuid-of-b']) {
      const { places } = locateByMachine([row('x', { machine: name })], machines);
      expect(places.get('x')?.device).to.equal('vnet2');
    }
    const unnamed = locateByMachine([row('x')], machines);
    expect(whyOf(unnamed)).to.contain('a and b have an interface with the MAC address');
    expect(unnamed.away[0]?.isBlocked).to.equal(true);
  });

  it('is the only one of its machine where there is no MAC address to go by', () => {
    const one = row('x', { macAddress: '', machine: 'a' });
    expect(locateByMachine([one], [machine('a', { vif: 'vnet1' })]).places.get('x')?.device).to.equal(
      'vnet1',
    );
    const two = [machine('a', { vif: 'vnet1' }, { vif: 'vnet2' })];
    expect(whyOf(locateByMachine([one], two))).to.contain('give the MAC address');
    expect(whyOf(locateByMachine([one], []))).to.equal(
      'no machine a runs on this host; start it, or take it out of the virtual file',
    );
  });

  it('is nowhere where something stands in the way, also of a machine that may be elsewhere', () => {
    const obstacle = 'vhost-user has no interface in the kernel; use virtio at a bridge';
    const rows = [row('x', { presence: 'optional' })];
    const { away } = locateByMachine(rows, [machine('a', { mac: MAC[0], obstacle })]);
    const problems = missingVifs(away, configurationOf(...rows));
    expect(problems.map(({ code, text }) => [code, text])).to.deep.equal([
      ['noSuchInterface', `vm-x: ${obstacle}`],
    ]);
  });

  it('is missed only of a machine that has to be here', () => {
    const rows = [row('x'), row('y', { presence: 'optional', macAddress: MAC[1] })];
    const { away } = locateByMachine(rows, []);
    expect(away).to.have.length(2);
    expect(missingVifs(away, configurationOf(...rows)).map(({ vif }) => vif)).to.deep.equal(['x']);
  });

  it('is the interface of its name where names stay, there or not, unless it may be elsewhere', () => {
    const rows = [row('x'), row('y', { presence: 'optional' }), row('z', { presence: 'optional' })];
    const { places, away } = locateByName(rows, links('z'));
    expect([...places.keys()]).to.deep.equal(['x', 'z']);
    expect(away.map(({ row: { vif } }) => vif)).to.deep.equal(['y']);
  });
});

describe('a binding', () => {
  const located: LocatedVifs = {
    places: new Map([
      ['vnet0', { device: 'vnet1', machine: 'a' }],
      ['vnet1', { device: 'vnet0', machine: 'b' }],
    ]),
    away: [{ row: row('vnet2', { macAddress: MAC[2] }), why: 'it is off' }],
  };
  const configuration = configurationOf(
    row('vnet0'),
    row('vnet1', { macAddress: MAC[1] }),
    row('vnet2', { macAddress: MAC[2] }),
  );
  for (const vif of ['vnet0', 'vnet1', 'vnet2']) {
    configuration.set(addrTable, { vif, address: '10.0.0.1', prefixLength: 24 });
    const link = { vif, peer: '10.0.0.2', peerPrefixLength: 32 };
    configuration.set(linkTable, { ...(defaultsOf(linkTable) as LinkRow), ...link });
  }
  const binding = new Binding(configuration, located);

  it('puts interfaces in place of vifs, also where two have changed places, and leaves out what is away', () => {
    const bound = binding.bind(configuration);
    expect(bound.rows(vifTable).map(({ vif, macAddress }) => [vif, macAddress])).to.deep.equal([
      ['vnet0', MAC[1]],
      ['vnet1', MAC[0]],
    ]);
    for (const table of [addrTable, linkTable]) {
      expect(bound.rows(table).map(({ vif }) => vif)).to.deep.equal(['vnet0', 'vnet1']);
    }
  });

  it('leads back from interfaces and machines', () => {
    expect([binding.vifOf('vnet1'), binding.vifOf('eth0')]).to.deep.equal(['vnet0', 'eth0']);
    expect([binding.machineOf('vm-vnet0'), binding.vmNameOf('b')]).to.deep.equal(['a', 'vm-vnet1']);
  });

  it('is another one when a machine comes, goes or has another interface', () => {
    const keys = [
      located,
      { ...located, places: new Map([...located.places].slice(1)) },
      { ...located, places: new Map(located.places).set('vnet0', { device: 'vnet9', machine: 'a' }) },
    ].map((one) => new Binding(configuration, one).keyOf(configuration));
    expect(new Set(keys).size).to.equal(3);
  });

  it('is the same configuration where every vif is the interface of its name', () => {
    const all = configuration.rows(vifTable);
    const identity = new Binding(configuration, locateByName(all, links()));
    expect(identity.bind(configuration)).to.equal(configuration);
    expect(identity.keyOf(configuration)).to.equal('');
  });

  it('has no machine behind an overlay that is here', () => {
    const moved = configuration.clone();
    for (const mac of [MAC[0], MAC[2]]) moved.set(overlayMachineTable, { site: 1, vtep: '172.16.0.2', mac });
    const bound = binding.bind(moved);
    expect(bound.rows(overlayMachineTable).map(({ mac }) => mac)).to.deep.equal([MAC[2]]);
  });

  it('holds every configured machine until its place is known', () => {
    const driver = { findsVifs: true, interfacePrefixes: ['vnet'] };
    const hold = holdOf(driver, binding, binding.bind(configuration));
    expect(hold?.macs.map(String)).to.have.members([...MAC]);
    expect(hold?.places.map(({ device, mac }) => `${device} ${String(mac)}`)).to.deep.equal([
      `vnet0 ${MAC[1]}`,
      `vnet1 ${MAC[0]}`,
    ]);
    expect(holdOf(driver, { away: [] }, new Configuration())).to.equal(undefined);
    expect(holdOf({ ...driver, findsVifs: false }, { away: [] }, configuration)).to.equal(undefined);
  });
});
