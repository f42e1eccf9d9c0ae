import { expect } from 'chai';
import { applyMachine, readMachine } from '../../src/agent/kernel/ip/read-machine.js';
import type { InterfaceAddress, MachineState } from '../../src/agent/kernel/ip/machine.js';
import type { ListedMachine } from '../../src/agent/machines/machine-driver.js';
import { NetmgrError } from '../../src/errors.js';
import type { Run } from '../../src/process/run.js';
import { IpAddress, IpNetwork } from '../../src/units/ip-network.js';
import { until, type FixtureMachine, type MachineFixture } from './fixture.js';

/** Addresses of the two machines: what is asked and answered between them. */
const ADDRESSES = [
  ['10.77.0.1/24', 'fd00:77::1/64'],
  ['10.77.0.2/24', 'fd00:77::2/64'],
] as const;
const NOBODY = '10.77.0.99';

/**
 * What all drivers of machines keep, whatever their machines are: each shows it with two real ones.
 *
 * @param make starts them; called once
 */
export function keepsTheContract(make: () => Promise<MachineFixture>): void {
  let fixture: MachineFixture | undefined;
  const the = (): MachineFixture => {
    if (fixture === undefined) throw new Error('the machines have not come up');
    return fixture;
  };
  const inside = (machine: FixtureMachine): Run => the().driver.inside(machine.name);

  before(async () => {
    fixture = await make();
  });

  after(async () => {
    await fixture?.close();
  });

  const listed = async ({ name }: FixtureMachine): Promise<ListedMachine | undefined> => {
    const machines = await the().driver.list(await the().links());
    return machines.find((machine) => machine.name === name);
  };

  /** By its MAC address alone. @returns the name of its interface at the host */
  const vifOf = async ({ mac }: FixtureMachine): Promise<string> => {
    const machines = await the().driver.list(await the().links());
    const found = machines.flatMap(({ interfaces }) => interfaces).filter((one) => one.mac === mac);
    expect(found, mac).to.have.lengthOf(1);
    return found[0]?.vif ?? '';
  };

  it('lists its machines with their interfaces, at the bridge that they are at', async () => {
    const { driver, machines, bridge } = the();
    for (const machine of machines) {
      const found = await listed(machine);
      expect(found?.aliases, machine.name).to.include.members([...machine.aliases]);
      expect(found?.interfaces).to.have.lengthOf(1);
      const [{ vif, mac, obstacle } = { vif: '', mac: '' }] = found?.interfaces ?? [];
      expect(mac).to.equal(machine.mac);
      expect(obstacle).to.equal(undefined);
      const link = (await the().links()).find(({ name }) => name === vif);
      expect(link).to.include({ master: bridge, up: true });
    }
    expect(await driver.find(await the().links())).to.include.members(machines.map(({ name }) => name));
  });

  it('surveys them with their state', async () => {
    const { driver, machines } = the();
    const { hypervisor, machines: surveyed } = await driver.survey(await the().links());
    expect(hypervisor.hvSoftware).not.to.equal('');
    expect(hypervisor.hvVersion).to.match(/\d/);
    for (const { name, mac } of machines) {
      const found = surveyed.find((machine) => machine.name === name);
      expect(found?.known).to.include({ operState: 'running', adminState: 'running' });
      expect(found?.interfaces.map((one) => one.mac)).to.deep.equal([mac]);
    }
  });

  it('gives them addresses and routes, and reads the same back', async () => {
    const { machines } = the();
    for (const [i, machine] of machines.entries()) {
      const run = inside(machine);
      const from = await readMachine(run, machine.name);
      const to = wanted(from, ADDRESSES[i] ?? [], machines[1 - i]);
      await applyMachine(run, machine.name, from, to);
      const now = await readMachine(run, machine.name);
      const texts = (state: MachineState): unknown => ({
        addresses: state.devices
          .get('eth0')
          ?.addresses.map(({ address, prefixLength }) => `${address.toString()}/${String(prefixLength)}`)
          .sort(),
        routes: state.routes
          .map((route) => `${route.to.toString()} ${route.via?.toString() ?? ''} ${route.dev}`)
          .sort(),
        forwarding: state.forwarding,
      });
      expect(texts(now)).to.deep.equal(texts(to));
      expect(now.devices.get('eth0')).to.include({ mac: machine.mac, up: true, mtu: 1400 });
    }
  });

  it('probes from inside, and keeps the exit codes', async () => {
    const run = inside(the().machines[0]);
    const answered = await run(['fping', '-q', '-C', '1', '-r', '3', '10.77.0.2'], { accept: [0, 1] });
    expect(answered.exitCode).to.equal(0);
    expect(answered.stderr).to.match(/^10\.77\.0\.2 : [\d.]+/);
    const silent = await run(['fping', '-q', '-C', '1', '-f', '-'], { input: `${NOBODY}\n`, accept: [0, 1] });
    expect(silent).to.include({ exitCode: 1 });
    const error = await failureOf(run(['fping', '-q', '-C', '1', NOBODY]));
    expect(error).to.include({ kind: 'CommandFailed', subject: the().machines[0].name });
    expect((await failureOf(run(['netmgr-no-such-program']))).message).to.match(
      /netmgr-no-such-program(:| is not installed)/,
    );
  });

  it('passes arguments and input as they are', async () => {
    const run = inside(the().machines[0]);
    const odd = ["a'b", '"', '$(id)', '`id`', 'a\nb', '\\', 'ü €', '', '-n', ';', '|'];
    const { stdout } = await run(['printf', '%s\\n', ...odd]);
    expect(stdout).to.equal(odd.map((text) => `${text}\n`).join(''));
    const input = `${"'ü;\n".repeat(20_000)}end`;
    expect((await run(['cat'], { input })).stdout).to.equal(input);
  });

  it('ends inside what is aborted, or takes too long', async () => {
    const run = inside(the().machines[0]);
    const listens = async (): Promise<boolean> =>
      (await run(['ss', '-Hltn', 'src', ':5299'])).stdout.trim() !== '';
    const abort = new AbortController();
    const server = run(['iperf3', '-s', '-p', '5299'], { signal: abort.signal });
    const ended = failureOf(server);
    await until('iperf3 listens', listens, 10_000);
    abort.abort();
    expect((await ended).message).to.equal('iperf3 was ended');
    expect(await listens()).to.equal(false);
    const late = await failureOf(run(['iperf3', '-s', '-p', '5299'], { timeout: 300 }));
    expect(late.message).to.equal('iperf3 did not end within 0.3 s');
    expect(await listens()).to.equal(false);
  });

  it('tells what to do about a machine that is not there', async () => {
    const error = await failureOf(the().driver.inside('nobody')(['true']));
    expect(error).to.include({ kind: 'CommandFailed', subject: 'nobody' });
    expect(`${error.message} ${error.hint ?? ''}`).to.match(the().absent);
  });

  it('tells of a machine that goes and comes, and finds its interface again, whatever its name', async function () {
    const { driver, machines } = the();
    const [, machine] = machines;
    const before = await vifOf(machine);
    let changes = 0;
    const watch = driver.watch?.(() => changes++, {});
    try {
      // Until it listens; what it may tell of the beginning is none of this.
      await until(
        'it is quiet',
        quiet(() => changes),
        20_000,
      );
      changes = 0;
      await the().stop(machine);
      if (watch !== undefined) await until('the end was told', () => changes > 0, 10_000);
      expect(await listed(machine)).to.equal(undefined);
      expect(
        (await the().links()).some(({ name, up }) => name === before && up && driver.findsVifs),
      ).to.equal(false);
      changes = 0;
      await the().start(machine);
      if (watch !== undefined) await until('the beginning was told', () => changes > 0, 10_000);
    } finally {
      await watch?.stop();
    }
    const after = await vifOf(machine);
    expect((await the().links()).find(({ name }) => name === after)).to.include({ master: the().bridge });
    if (!driver.findsVifs) expect(after).to.equal(before);
    expect((await listed(machine))?.aliases).to.include.members([...machine.aliases]);
    expect((await readMachine(inside(machine), machine.name)).devices.get('eth0')?.mac).to.equal(machine.mac);
  });
}

/** Whether nothing has come for half a second. */
function quiet(count: () => number): () => boolean {
  let [last, since] = [-1, 0];
  return () => {
    if (count() !== last) [last, since] = [count(), performance.now()];
    return performance.now() - since > 1500;
  };
}

function wanted(
  from: MachineState,
  texts: readonly string[],
  other: FixtureMachine | undefined,
): MachineState {
  const eth0 = from.devices.get('eth0');
  if (eth0 === undefined || other === undefined) throw new Error('eth0 is missing');
  const addresses = texts.map((text): InterfaceAddress => {
    const [address = '', length] = text.split('/');
    return { address: IpAddress.parse(address), prefixLength: Number(length) };
  });
  const via = (text: string): IpAddress => IpAddress.parse(text);
  const isFirst = texts[0] === ADDRESSES[0][0];
  return {
    ...from,
    devices: new Map(from.devices).set('eth0', { ...eth0, up: true, mtu: 1400, addresses }),
    routes: [
      {
        to: IpNetwork.parse('10.88.0.0/16'),
        via: via(isFirst ? '10.77.0.2' : '10.77.0.1'),
        dev: 'eth0',
        metric: 0,
      },
      {
        to: IpNetwork.parse('fd00:88::/32'),
        via: via(isFirst ? 'fd00:77::2' : 'fd00:77::1'),
        dev: 'eth0',
        metric: 0,
      },
    ],
    forwarding: { 4: true, 6: true },
  };
}

async function failureOf(promise: Promise<unknown>): Promise<NetmgrError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof NetmgrError) return error;
  throw new Error(`no NetmgrError: ${JSON.stringify(error)}`);
}
