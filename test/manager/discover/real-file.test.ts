import { expect } from 'chai';
import fc from 'fast-check';
import { NetmgrError } from '../../../src/errors.js';
import type { DiscoveredTarget } from '../../../src/manager/discover/discover.js';
import { emptyRealFile, updateRealFile, type RealFile } from '../../../src/manager/discover/real-file.js';
import type { RealEnvironment } from '../../../src/manager/model/real-environment.js';
import { parseRealEnvironment } from '../../../src/manager/xml/read-real-environment.js';
import { at, host, mac, machine, vif } from './discovered-fixture.js';

const EMPTY = emptyRealFile('net', '/x/real-environment.xsd');
const read = async ({ text }: RealFile): Promise<RealEnvironment> =>
  (await parseRealEnvironment(text, 'discovered')).environment;
const made = (...hosts: DiscoveredTarget[]): RealFile => updateRealFile(EMPTY, hosts, true);
const words = ({ notes }: RealFile): string[] => notes.map(({ subject, text }) => `${subject}: ${text}`);
/** host/vm vif@bridge … */
const machinesOf = ({ hosts }: RealEnvironment): string[] =>
  hosts.flatMap(({ name, vms }) =>
    vms.map((vm) =>
      [`${name}/${vm.name}`, ...vm.vifs.map((each) => `${each.name}@${each.bridge}`)].join(' '),
    ),
  );

describe('the file of what was discovered', () => {
  it('has hosts, bridges, machines and vifs, in the order of their names', async () => {
    const machines = [machine('vm10', [vif('vnet1', mac(2))]), machine('vm2', [vif('vnet0', mac(1))])];
    const file = made(at(1, host('h1', machines)), at(2, host('h2', [])));
    expect(file.notes).to.deep.equal([]);
    const environment = await read(file);
    expect(machinesOf(environment)).to.deep.equal(['h1/vm2 vnet0@br0', 'h1/vm10 vnet1@br0']);
    const [h1] = environment.hosts;
    expect(h1).to.deep.include({ name: 'h1', hypervisor: 'qemu', version: '9.2.0' });
    expect(h1?.bridges.map(({ name, uplink }) => [name, uplink])).to.deep.equal([['br0', 'eth0']]);
    expect(h1?.agent).to.deep.include({ port: 161, credentials: 'lab' });
    expect(environment.credentials.map(({ from }) => from)).to.deep.equal(['env:LAB']);
    expect(file.text).to.contain(
      'xsi:schemaLocation="urn:netmgr:real-environment:1 /x/real-environment.xsd"',
    );
  });

  it('is the same when the same is discovered again, from nothing and from itself', () => {
    const obstacle = 'a port of something else';
    const machines = [machine('b', [vif('v2', mac(2), { obstacle })]), machine('a', [vif('v1', mac(1))])];
    const hosts = [at(1, host('h1', machines)), at(2, host('h2', [machine('c', [vif('v1', mac(3))])]))];
    const file = made(...hosts);
    expect(made(...hosts)).to.deep.equal(file);
    expect(updateRealFile(file.text, hosts, true)).to.deep.equal(file);
  });

  it('finds machines by their UUIDs and interfaces by their MAC addresses, where the host calls them otherwise', () => {
    const uuid = '2c9b1d1e-57f0-4a5c-9c57-0d3f1c1c7a11';
    const found = (name: string) => machine(name, [vif(name, mac(1))], { uuid });
    const file = made(at(1, host('h1', [found('proj_web')], { backend: 'kvm' })));
    expect(file.text)
      .to.contain(`<vm name="web" uuid="${uuid}">`)
      .and.contain(`<vif mac="${mac(1)}" bridge="br0"/>`);
    expect(words(file)).to.deep.equal(['h1/web: its host calls it "proj_web"']);
    // Another start, another name of the interface; and somebody renamed it.
    const later = [at(1, host('h1', [found('other')], { backend: 'kvm' }))];
    expect(updateRealFile(file.text, later, true)).to.deep.equal({ ...file, notes: [] });
    const renamed = file.text.replace('"web"', '"mine"');
    expect(updateRealFile(renamed, later, true).text).to.equal(renamed);
    // What the host calls it is enough where it has no UUID.
    const twins = ['h1', 'h2'].map((name, i) => at(i + 1, host(name, [machine('a', [vif('v1', mac(i))])])));
    expect(made(...twins).text).to.contain('<vm name="a-h2" container="a">');
    expect(updateRealFile(made(...twins).text, twins, true).text).to.equal(made(...twins).text);
  });

  it('leaves the mac of a machine where it says all there is to say', () => {
    const short = WRITTEN.replace(
      '<bridge name="br0"/>',
      '<bridge name="br0"/><vm name="s" mac="' + mac(5) + '"/>',
    ).replace('hypervisor="namespace"', 'hypervisor="kvm"');
    const one = machine('s', [vif('vnet0', mac(5))]);
    const update = (...machines: (typeof one)[]): string =>
      updateRealFile(short, [at(2, host('h2', machines, { backend: 'kvm' }))], false).text;
    expect(update(one)).to.contain(`<vm name="s" mac="${mac(5)}"/>`);
    const two = machine('s', [...one.vifs, vif('vnet1', mac(6))]);
    expect(update(two)).to.match(
      /<vm name="s">\s+<vif mac="[0-9a-f:]+5" bridge="br0"\/>\s+<vif mac="[0-9a-f:]+6"/,
    );
  });

  it('has what cannot be managed as comments with the reason, and says so', async () => {
    const machines = [
      machine('a', [
        vif('v1', mac(1), { obstacle: 'v1 is passed -- through --' }),
        vif('v2', mac(2), { bridge: '' }),
      ]),
      machine('b', [vif('', mac(3), { bridge: '' })], { state: 'shutdown' }),
    ];
    const file = made(at(1, host('h1', machines)));
    expect(machinesOf(await read(file))).to.deep.equal(['h1/a', 'h1/b']);
    expect(words(file)).to.deep.equal([
      `h1/a: v1 (${mac(1)}) is left out: v1 is passed -- through --`,
      `h1/a: v2 (${mac(2)}) is left out: it is at no bridge; attach it to one (ip link set v2 master BRIDGE) and discover again`,
      `h1/b: ${mac(3)} is left out: the host has no interface for it while its machine is shutdown; start the machine and discover again`,
    ]);
    expect(file.text.match(/<!-- discovered: /g)).to.have.length(3);
  });

  it('has no MAC address, interface or name twice', async () => {
    const machines = [machine('a', [vif('v1', mac(1))]), machine('b', [vif('v2', mac(1)), vif('v1')])];
    const file = made(at(1, host('h1', machines)), at(2, host('h2', [machine('a', [vif('v1', mac(4))])])));
    expect(machinesOf(await read(file))).to.deep.equal(['h1/a-h1 v1@br0', 'h1/b', 'h2/a-h2 v1@br0']);
    expect(words(file)).to.include.members([
      `h1/a-h1: its host calls it "a"`,
      `h1/b: v2 (${mac(1)}) is left out: a-h1/v1 has the MAC address ${mac(1)}, too; give one of them another`,
      'h1/b: v1 is left out: a-h1/v1 is the same interface',
    ]);
  });

  it('leaves out machines that are found by names which it cannot have', async () => {
    const twins = ['h1', 'h2'].map((name, i) => at(i + 1, host(name, [machine('a b', [vif('v1', mac(i))])])));
    const file = made(...twins);
    expect(machinesOf(await read(file))).to.deep.equal([]);
    expect(words(file).map((line) => line.slice(0, 30))).to.deep.equal([
      ...['h1: the machine "a b" is left ', 'h2: the machine "a b" is left '],
    ]);
  });

  it('is one that netmgr reads, whatever agents say', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constant('a&<b>"\u0007--]]>&lt;'));
    const odd = fc.record({
      name: fc.constantFrom('', 'v1', 'v2', 'br0', 'eth0'),
      mac: fc.constantFrom('', mac(1), mac(2), mac(3)),
      bridge: fc.constantFrom('', 'br0', 'br1'),
      obstacle: fc.oneof(fc.constant(''), text),
    });
    const any = fc.record({
      name: fc.oneof(text, fc.constantFrom('a', 'b', 'c', 'd', 'e')),
      vifs: fc.array(odd, { maxLength: 3 }),
    });
    const backend = fc.constantFrom('kvm', 'qemu', 'namespace', undefined);
    const hosts = fc.array(
      fc.record({
        ...{ name: text, version: text, backend },
        machines: fc
          .array(any, { maxLength: 4 })
          // An interface that two machines have goes to one of them, and what is left of the other depends on the order.
          .filter((all) => {
            const names = all
              .flatMap(({ vifs }) => vifs.map(({ name }) => name))
              .filter((name) => name !== '');
            return new Set(names).size === names.length;
          }),
      }),
      {
        maxLength: 2,
      },
    );
    await fc.assert(
      fc.asyncProperty(hosts, async (all) => {
        const targets = all.map(({ name, machines, ...more }, i) =>
          at(
            i,
            host(
              name,
              machines.map((each) => machine(each.name, each.vifs)),
              more,
            ),
          ),
        );
        let file: RealFile;
        try {
          file = made(...targets);
        } catch (error) {
          // Two hosts that call themselves alike.
          expect(error).to.be.instanceOf(NetmgrError).with.property('kind', 'InvalidInput');
          return;
        }
        await read(file);
        // A machine that the file calls otherwise is known again by what it has.
        const names = all.flatMap(({ machines }) => machines.map((each) => each.name));
        // A MAC address that two have leads to either.
        const macs = all
          .flatMap(({ machines }) => machines.flatMap(({ vifs }) => vifs.map(({ mac }) => mac)))
          .filter((mac) => mac !== '');
        const areOnce = [names, macs].every((list) => new Set(list).size === list.length);
        const isPlain = areOnce && names.every((name) => /^[A-Za-z]+$/.test(name));
        if (isPlain) expect(updateRealFile(file.text, targets, true).text).to.equal(file.text);
      }),
      { numRuns: 150 },
    );
  });
});

const WRITTEN = `<?xml version="1.0" encoding="UTF-8"?>
<!-- Ours. -->
<real-environment xmlns="urn:netmgr:real-environment:1" name="ours">
  <switch name="sw0"/>
  <credentials name="own" user="me" from="file:/a&amp;lt;b"/>
  <!-- The old one. -->
  <host name="h2" address="10.0.0.2" hypervisor="namespace" memory="1GiB">
    <bridge name="br0"/>
    <agent credentials="own"/>
    <vm name="kept">
      <!-- Ask Ann. -->
      <vif bridge="br0" name="old0" mac="${mac(1).toUpperCase()}"/>
    </vm>
    <vm name="leaves"><vif name="v2" mac="${mac(2)}" bridge="br0"/></vm>
    <vm name="gone"><vif name="v3" mac="${mac(3)}" bridge="br0"/></vm>
  </host>
  <host name="h1" address="10.0.0.1"><agent port="1161" credentials="own"/></host>
  <link from="h1" to="sw0" bandwidth="1gbit"/>
  <router name="gw" address="10.0.0.254"/>
</real-environment>
`;

describe('a file that people wrote', () => {
  const hosts = [
    at(2, host('h2', [machine('domain-7', [vif('vnet4', mac(1))])])),
    at(1, host('h1', [machine('leaves', [vif('vnet1', mac(2))]), machine('new', [vif('vnet2', mac(9))])])),
  ];

  it('keeps what they wrote, and has the machines where they are now', async () => {
    const file = updateRealFile(WRITTEN, hosts, true);
    const environment = await read(file);
    expect(machinesOf(environment)).to.deep.equal([
      'h2/kept vnet4@br0',
      'h1/leaves vnet1@br0',
      'h1/new vnet2@br0',
    ]);
    expect(words(file)).to.deep.equal([
      'h2: its hypervisor stays namespace, and its agent says qemu',
      'h2/gone: it is taken out: no host has it',
      'h1/leaves: it was on h2',
    ]);
    // Comments, credentials, order and attributes.
    expect(file.text.match(/<!--.*-->|<(?!\/|vif|vm|\?)[a-z-]+/g)).to.deep.equal([
      ...['<!-- Ours. -->', '<real-environment', '<switch', '<credentials', '<!-- The old one. -->'],
      ...[
        '<host',
        '<bridge',
        '<agent',
        '<!-- Ask Ann. -->',
        '<host',
        '<agent',
        '<bridge',
        '<link',
        '<router',
      ],
    ]);
    expect(environment.credentials.map(({ from }) => from)).to.deep.equal(['file:/a&lt;b']);
    const [h2, h1] = environment.hosts;
    expect([h2?.memory?.toString(), h1?.agent.port, h1?.hypervisor]).to.deep.equal(['1GiB', 1161, 'qemu']);
    expect(updateRealFile(file.text, hosts, true).text).to.equal(file.text);
  });

  it('keeps machines that may be shut down, or on a host that did not answer', async () => {
    const [h2] = hosts as [DiscoveredTarget];
    const file = updateRealFile(WRITTEN, [h2], false);
    expect(machinesOf(await read(file))).to.deep.equal([
      'h2/kept vnet4@br0',
      'h2/leaves v2@br0',
      'h2/gone v3@br0',
    ]);
    expect(words(file).filter((line) => line.includes('it stays, since'))).to.have.length(2);
  });

  it('gets new hosts behind the others, and refuses one that is called as something else', async () => {
    const file = updateRealFile(WRITTEN, [...hosts, at(3, host('h3', []))], true);
    expect((await read(file)).hosts.map(({ name }) => name)).to.deep.equal(['h2', 'h1', 'h3']);
    for (const name of ['h1', 'sw0', 'gw']) {
      expect(() => updateRealFile(WRITTEN, [at(3, host(name, []))], true)).to.throw(
        NetmgrError,
        `itself ${name}`,
      );
    }
  });
});
