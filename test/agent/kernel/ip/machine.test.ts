import { expect } from 'chai';
import fc from 'fast-check';
import {
  addressText,
  heldText,
  routeKey,
  type InterfaceAddress,
  type MachineDevice,
  type MachineRoute,
  type MachineState,
} from '../../../../src/agent/kernel/ip/machine.js';
import { parseMachine } from '../../../../src/agent/kernel/ip/parse-machine.js';
import { applyMachine, readMachine } from '../../../../src/agent/kernel/ip/read-machine.js';
import { writeMachine } from '../../../../src/agent/kernel/ip/write-machine.js';

import { IpAddress, IpNetwork } from '../../../../src/units/ip-network.js';
import { readFixture } from '../fixture.js';
import { makeScratch, type Scratch } from '../scratch.js';
import { isAll } from '../../../sample.js';

const address = (text: string): InterfaceAddress => {
  const [ip = '', length = ''] = text.split('/');
  return { address: IpAddress.parse(ip), prefixLength: Number(length) };
};
const route = (to: string, via?: string, metric = 0): MachineRoute => ({
  to: IpNetwork.parse(to),
  dev: 'eth0',
  metric,
  ...(via === undefined ? {} : { via: IpAddress.parse(via) }),
});

const ADDRESSES = [
  '10.1.0.1/24',
  '10.1.0.2/24',
  '10.1.0.3/24',
  '10.2.0.1/16',
  'fd00::1/64',
  'fd00::2/64',
  'fd00::1/80',
];
/** The on-link ones carry the next hops of the others, whatever addresses there are. */
const ROUTES = [
  route('10.6.0.0/16', '10.5.0.1'),
  route('10.6.0.0/16', '10.5.0.2', 7),
  route('10.5.0.0/24'),
  route('0.0.0.0/0', '10.5.0.1'),
  route('fd00:6::/64', 'fd00:5::1'),
  route('fd00:5::/64'),
  route('::/0', 'fd00:5::1'),
];
const ON_LINK = ROUTES.filter(({ via }) => via === undefined);

const deviceWith = (addresses: readonly string[], mtu = 1500): MachineDevice => ({
  up: true,
  mac: '',
  mtu,
  addresses: addresses.map(address),
  foreignAddresses: [],
  foreignRouteLines: [],
});

const machine: fc.Arbitrary<MachineState> = fc
  .record({
    // IPv6 has an address once, whatever the prefix length.
    addresses: fc
      .subarray(ADDRESSES, { minLength: 1 })
      .filter((texts) => !(texts.includes('fd00::1/64') && texts.includes('fd00::1/80'))),
    routes: fc.subarray(ROUTES),
    mtu: fc.constantFrom(1280, 1450, 1500, 9000),
    forwarding: fc.record({ 4: fc.boolean(), 6: fc.boolean() }),
  })
  .map(({ addresses, routes, mtu, forwarding }) => ({
    devices: new Map([['eth0', deviceWith(addresses, mtu)]]),
    forwarding,
    routes: [...new Set([...routes, ...(routes.length === 0 ? [] : ON_LINK)])],
    foreignRoutes: [],
  }));

const NO_FORWARDING = { 4: false, 6: false };
const NOTHING: MachineState = {
  devices: new Map([['eth0', deviceWith([])]]),
  routes: [],
  foreignRoutes: [],
  forwarding: NO_FORWARDING,
};
/** Of somebody else, in the networks of ours and in others. */
const OTHERS = [
  '10.1.0.200/24 brd 10.1.0.255 label eth0:7 metric 5',
  '10.1.0.3/24',
  '10.2.0.200/16',
  'fd00::200/64',
  'fd00::1/80',
];
const FOREIGN_ROUTES = [
  '10.20.0.0/16 dev eth0 scope link',
  '10.21.0.0/16 via 10.20.0.1 dev eth0 metric 9 mtu 1400',
  '10.22.0.0/16 nexthop via 10.20.0.1 dev eth0 weight 1 nexthop via 10.20.0.2 dev eth0 weight 2',
  '10.23.0.0/16 dev eth0 table 100',
  'fd00:20::/64 dev eth0',
];

const shape = ({ devices, routes, forwarding }: MachineState): unknown => ({
  forwarding,
  mtu: devices.get('eth0')?.mtu,
  addresses: devices.get('eth0')?.addresses.map(addressText).sort(),
  routes: routes.map((one) => `${routeKey(one)} via ${String(one.via)}`).sort(),
});

/** Each is a dozen processes. */
const RUNS = isAll ? 40 : 12;

describe('a machine on a real kernel', function () {
  this.timeout(120_000);
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = await makeScratch();
    await scratch.sh('ip link add eth0 type veth peer name other');
    await scratch.sh('ip link set other up');
  });

  afterEach(() => scratch.remove());

  it('has exactly what was written, from any state', async () => {
    await fc.assert(
      fc.asyncProperty(machine, async (to) => {
        await applyMachine(scratch.run, scratch.name, await readMachine(scratch.run, scratch.name), to);
        const held = await readMachine(scratch.run, scratch.name);
        expect(shape(held)).to.deep.equal(shape(to));
        expect(writeMachine(held, to)).to.equal('');
      }),
      { numRuns: RUNS },
    );
  });

  it('keeps what others have there, whatever comes and goes', async () => {
    const dump = async (): Promise<string[]> =>
      [
        ...(await scratch.sh('ip -o address show dev eth0'))
          .split('\n')
          .filter((line) => !line.includes(' 78 ')),
        ...(await scratch.sh('ip -4 route show table all dev eth0')).split('\n'),
        ...(await scratch.sh('ip -6 route show dev eth0')).split('\n'),
      ]
        .filter((line) => !/proto (kernel|78)|scope link (tentative )?\\/.test(line))
        // Which of a network's addresses is its first may change; who has it does not.
        // And an address of IPv6 is tentative for a second or two.
        .map((line) => line.replace(/ (secondary|tentative)/g, '').trim())
        .sort();
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...OTHERS, ...ADDRESSES.map((text) => `${text} metric 78`)]),
        fc.subarray(FOREIGN_ROUTES.slice(1)).map((rest) => [FOREIGN_ROUTES[0] ?? '', ...rest]),
        machine,
        async (present, routes, wanted) => {
          await scratch.sh('ip link set eth0 down');
          await scratch.sh('ip address flush dev eth0');
          await scratch.sh('ip link set eth0 up');
          for (const text of present) {
            // IPv6 has an address once.
            await scratch.sh(`ip address add ${text} dev eth0`).catch(() => undefined);
          }
          await scratch.sh('ip -batch -', routes.map((line) => `route append ${line}\n`).join(''));
          const before = await dump();
          const to = (held: MachineState, from: MachineState): MachineState => {
            const others = new Set(held.devices.get('eth0')?.foreignAddresses.map(heldText));
            const addresses = from.devices.get('eth0')?.addresses.map(addressText) ?? [];
            const free = addresses.filter((text) => !others.has(heldText(address(text))));
            return { ...from, devices: new Map([['eth0', deviceWith(free)]]) };
          };
          for (const next of [wanted, NOTHING]) {
            const held = await readMachine(scratch.run, scratch.name);
            const target = to(held, next);
            await applyMachine(scratch.run, scratch.name, held, target);
            const after = await readMachine(scratch.run, scratch.name);
            expect(await dump()).to.deep.equal(before);
            expect(shape(after)).to.deep.equal(shape(target));
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('lets go of what others have through an address of ours alone', async () => {
    await scratch.sh('ip link set eth0 up');
    const with1: MachineState = { ...NOTHING, devices: new Map([['eth0', deviceWith(['10.1.0.1/24'])]]) };
    await applyMachine(scratch.run, scratch.name, await readMachine(scratch.run, scratch.name), with1);
    for (const line of [
      '10.20.0.0/16 dev eth0 scope link',
      '172.16.0.1 via 10.1.0.250 dev eth0',
      '172.16.0.2 via 10.20.0.1 dev eth0',
      '172.16.0.3 via 10.9.9.9 dev eth0 onlink',
      '172.16.0.4 nexthop via 10.20.0.1 dev eth0 nexthop via 10.1.0.250 dev eth0',
      '172.16.0.5 via inet6 fe80::1 dev eth0',
    ]) {
      await scratch.sh(`ip route add ${line}`);
    }
    await applyMachine(scratch.run, scratch.name, await readMachine(scratch.run, scratch.name), NOTHING);
    const left = (await scratch.sh('ip route')).split('\n').map((line) => line.split(' ')[0]);
    expect(left).to.have.members(['10.20.0.0/16', '172.16.0.2', '172.16.0.3', '172.16.0.5', '']);
  });

  it('does not take the place of what somebody else has', async () => {
    await scratch.sh('ip link set eth0 up');
    await scratch.sh('ip address add fd00::1/80 dev eth0');
    await scratch.sh('ip route add 10.5.0.0/24 dev other');
    const held = await readMachine(scratch.run, scratch.name);
    const to: MachineState = {
      devices: new Map([['eth0', deviceWith(['fd00::1/64'])]]),
      routes: [route('10.5.0.0/24')],
      foreignRoutes: [],
      forwarding: NO_FORWARDING,
    };
    expect(writeMachine(held, to)).to.equal('');
  });

  it('takes no words of a machine for commands', () => {
    const info = {
      family: 'inet',
      local: '10.1.0.2',
      prefixlen: 24,
      secondary: true,
      label: 'x\nnetns exec y z',
    };
    const printed = [{ ifname: 'eth0', flags: ['UP'], addr_info: [info] }];
    const { devices } = parseMachine(`${JSON.stringify(printed)}\n[]\n`);
    expect(devices.get('eth0')?.foreignAddresses[0]?.options).to.equal('');
  });

  it('leaves routes of others and tells them apart', async () => {
    await scratch.sh('ip link set eth0 up');
    await scratch.sh('ip route add 10.9.0.0/16 dev eth0');
    const to = { ...NOTHING, devices: new Map(), routes: [route('10.5.0.0/24')] };
    await applyMachine(scratch.run, scratch.name, await readMachine(scratch.run, scratch.name), to);
    const held = await readMachine(scratch.run, scratch.name);
    expect(held.routes.map(routeKey)).to.deep.equal(['10.5.0.0/24 0']);
    expect(held.foreignRoutes.map(routeKey)).to.include('10.9.0.0/16 0');
    await applyMachine(scratch.run, scratch.name, held, { ...to, routes: [] });
    expect(await scratch.sh('ip route')).to.equal('10.9.0.0/16 dev eth0 scope link \n');
  });

  it('says which line of which machine failed', async () => {
    const to = { ...NOTHING, devices: new Map(), routes: [route('10.6.0.0/16', '10.5.0.1')] };
    const held = await readMachine(scratch.run, scratch.name);
    const failure: unknown = await applyMachine(scratch.run, scratch.name, held, to).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.an('error').with.property('subject', scratch.name);
    expect(failure)
      .to.have.property('message')
      .that.matches(/\(line 1: route replace 10\.6\.0\.0\/16 via 10\.5\.0\.1/);
  });

  it('reads what another kernel prints', async () => {
    const state = parseMachine(await readFixture('machine.txt'));
    const device = state.devices.get('v1');
    expect(device?.addresses.map(addressText)).to.deep.equal(['10.1.0.1/24', 'fd00::1/64']);
    expect(device?.foreignAddresses.map(addressText)).to.deep.equal(['10.1.0.7/24', 'fd00::7/64']);
    expect(device?.foreignAddresses[0]).to.include({
      secondary: true,
      options: 'brd 10.1.0.255 scope global label v1:7',
    });
    expect(device?.foreignRouteLines).to.deep.equal([
      'default via 10.1.0.8 dev v1',
      '10.7.0.0/16 nexthop via 10.1.0.8 dev v1 weight 1 nexthop via 10.1.0.9 dev v1 weight 2',
    ]);
    expect(state.routes.map(routeKey)).to.deep.equal(['10.8.0.8/32 0', '10.9.0.0/16 5', 'fd00:9::/64 1024']);
    expect(state.foreignRoutes.map(routeKey)).to.include('0.0.0.0/0 0');
  });
});
