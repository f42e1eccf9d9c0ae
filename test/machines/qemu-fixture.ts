import { join } from 'node:path';
import { QemuMachines } from '../../src/agent/machines/qemu/qemu-machines.js';
import { QemuMonitors } from '../../src/agent/machines/qemu/qemu-monitors.js';
import { startAttached, type AttachedProcess } from '../../src/process/start-attached.js';
import { untilReady, type FixtureMachine, type MachineFixture } from './fixture.js';
import { guestKit, type GuestKit } from './guest/guest-kit.js';
import { ENDS_WITH_US, TestHost } from './test-host.js';

const MACHINES = [1, 2].map((number) => ({
  name: `vm${String(number)}`,
  mac: `52:54:00:12:00:0${String(number)}`,
  aliases: [`0a0b0c0d-0000-4000-8000-00000000000${String(number)}`],
}));

/** Two QEMUs that nobody manages. */
export async function qemuFixture(): Promise<MachineFixture> {
  const kit = await guestKit();
  const host = await TestHost.create();
  const running = new Map<string, AttachedProcess>();
  const driver = new QemuMachines(new QemuMonitors(host.directory));
  const start = async (machine: FixtureMachine): Promise<void> => {
    running.set(machine.name, startQemu(kit, host, machine));
    await untilReady(driver.inside(machine.name));
  };
  const stop = async ({ name }: FixtureMachine): Promise<void> => {
    // Killed, it leaves its sockets behind.
    running.get(name)?.kill('SIGKILL');
    await running.get(name)?.ended;
    running.delete(name);
  };
  const fixture: MachineFixture = {
    driver,
    machines: MACHINES as unknown as MachineFixture['machines'],
    bridge: host.bridge,
    absent: /nobody has no guest agent.*nobody\.qga/,
    links: () => host.links(),
    start,
    stop,
    close: async () => {
      await Promise.all(MACHINES.map(stop));
      await host.remove();
    },
  };
  try {
    for (const { name } of MACHINES) await makeTap(host, tapOf(name));
    await Promise.all(MACHINES.map(start));
    return fixture;
  } catch (error) {
    await fixture.close();
    throw error;
  }
}

const tapOf = (machine: string): string => `vif-${machine}`;

async function makeTap(host: TestHost, tap: string): Promise<void> {
  await host.run(['ip', 'tuntap', 'add', 'dev', tap, 'mode', 'tap']);
  await host.run(['ip', 'link', 'set', 'dev', tap, 'master', host.bridge, 'up']);
}

/** @throws never: what is wrong shows in the directory's NAME.log */
function startQemu(kit: GuestKit, host: TestHost, { name, mac, aliases }: FixtureMachine): AttachedProcess {
  const file = (kind: string): string => join(host.directory, `${name}.${kind}`);
  return startAttached(
    [
      ...host.enter,
      ...ENDS_WITH_US,
      ...['qemu-system-x86_64', '-accel', 'tcg', '-m', String(kit.memory), '-no-reboot'],
      ...['-nodefaults', '-no-user-config', '-display', 'none', '-serial', `file:${file('log')}`],
      ...['-name', name, '-uuid', aliases[0] ?? ''],
      ...['-kernel', kit.kernel, '-initrd', kit.initramfs, '-append', kit.commandLine],
      ...['-qmp', `unix:${file('qmp')},server=on,wait=off`],
      ...['-chardev', `socket,id=qga,path=${file('qga')},server=on,wait=off`, '-device', 'virtio-serial-pci'],
      ...['-device', 'virtserialport,chardev=qga,name=org.qemu.guest_agent.0'],
      ...['-netdev', `tap,id=n0,ifname=${tapOf(name)},script=no,downscript=no`],
      ...['-device', `virtio-net-pci,netdev=n0,mac=${mac}`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}
