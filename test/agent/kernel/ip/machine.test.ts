import { expect } from 'chai';
import fc from 'fast-check';
import {
  addressText,
  routeKey,
  type InterfaceAddress,
  type MachineRoute,
  type MachineState,
} from '../../../../src/agent/kernel/ip/machine.js';
import { parseMachine } from '../../../../src/agent/kernel/ip/parse-machine.js';
import { applyMachine, readMachine } from '../../../../src/agent/kernel/ip/read-machine.js';
import { writeMachine } from '../../../../src/agent/kernel/ip/write-machine.js';
import { run } from '../../../../src/process/run.js';
import { IpAddress, IpNetwork } from '../../../../src/units/ip-network.js';
import { readFixture } from '../fixture.js';
import { makeScratch, type Scratch } from '../scratch.js';

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

const machine: fc.Arbitrary<MachineState> = fc
  .record({
    // IPv6 has an address once, whatever the prefix length.
    addresses: fc
      .subarray(ADDRESSES, { minLength: 1 })
      .filter((texts) => !(texts.includes('fd00::1/64') && texts.includes('fd00::1/80'))),
    routes: fc.subarray(ROUTES),
  })
  .map(({ addresses, routes }) => ({
    devices: new Map([['eth0', { up: true, mac: '', addresses: addresses.map(address) }]]),
    routes: [...new Set([...routes, ...(routes.length === 0 ? [] : ON_LINK)])],
    foreignRoutes: [],
  }));

const shape = ({ devices, routes }: MachineState): unknown => ({
  addresses: devices.get('eth0')?.addresses.map(addressText).sort(),
  routes: routes.map((one) => `${routeKey(one)} via ${String(one.via)}`).sort(),
});

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
        await applyMachine(run, scratch.name, await readMachine(run, scratch.name), to);
        const held = await readMachine(run, scratch.name);
        expect(shape(held)).to.deep.equal(shape(to));
        expect(writeMachine(held, to)).to.equal('');
      }),
      { numRuns: 40 },
    );
  });

  it('leaves routes of others and tells them apart', async () => {
    await scratch.sh('ip link set eth0 up');
    await scratch.sh('ip route add 10.9.0.0/16 dev eth0');
    const to = { devices: new Map(), routes: [route('10.5.0.0/24')], foreignRoutes: [] };
    await applyMachine(run, scratch.name, await readMachine(run, scratch.name), to);
    const held = await readMachine(run, scratch.name);
    expect(held.routes.map(routeKey)).to.deep.equal(['10.5.0.0/24 0']);
    expect(held.foreignRoutes.map(routeKey)).to.include('10.9.0.0/16 0');
    await applyMachine(run, scratch.name, held, { ...to, routes: [] });
    expect(await scratch.sh('ip route')).to.equal('10.9.0.0/16 dev eth0 scope link \n');
  });

  it('says which line of which machine failed', async () => {
    const to = { devices: new Map(), routes: [route('10.6.0.0/16', '10.5.0.1')], foreignRoutes: [] };
    const held = await readMachine(run, scratch.name);
    const failure: unknown = await applyMachine(run, scratch.name, held, to).catch((error: unknown) => error);
    expect(failure).to.be.an('error').with.property('subject', scratch.name);
    expect(failure)
      .to.have.property('message')
      .that.matches(/\(line 1: route replace 10\.6\.0\.0\/16 via 10\.5\.0\.1/);
  });

  it('refuses a name that could be more than a name', async () => {
    const failure: unknown = await readMachine(run, '-batch').catch((error: unknown) => error);
    expect(failure).to.be.an('error').with.property('kind', 'InvalidInput');
  });

  it('reads what another kernel prints', async () => {
    const state = parseMachine(await readFixture('machine.txt'));
    expect(state.devices.get('v1')?.addresses.map(addressText)).to.deep.equal(['10.1.0.1/24', 'fd00::1/64']);
    expect(state.routes.map(routeKey)).to.deep.equal(['10.8.0.8/32 0', '10.9.0.0/16 5', 'fd00:9::/64 1024']);
    expect(state.foreignRoutes.map(routeKey)).to.include('0.0.0.0/0 0');
  });
});
