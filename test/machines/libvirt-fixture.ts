import { LibvirtMachines } from '../../src/agent/machines/libvirt/libvirt-machines.js';
import { untilReady, type FixtureMachine, type MachineFixture } from './fixture.js';
import { guestKit } from './guest/guest-kit.js';
import { LibvirtHost } from './libvirt-host.js';
import { TestHost } from './test-host.js';

/** One is called as Vagrant calls them, the other as nobody should. */
const MACHINES: MachineFixture['machines'] = [
  {
    name: 'lab_vm1',
    mac: '52:54:00:11:00:01',
    aliases: ['1a0b0c0d-0000-4000-8000-000000000001'],
  },
  {
    name: `it's "vm" <2>; é`,
    mac: '52:54:00:11:00:02',
    aliases: ['1a0b0c0d-0000-4000-8000-000000000002'],
  },
];

/** Two domains of a libvirt of their own. */
export async function libvirtFixture(): Promise<MachineFixture> {
  const kit = await guestKit();
  const host = await TestHost.create();
  let libvirt: LibvirtHost | undefined;
  const close = async (): Promise<void> => {
    await libvirt?.stop();
    await host.remove();
  };
  try {
    libvirt = await LibvirtHost.create(host);
    const { uri } = libvirt;
    const virsh = libvirt.virsh.bind(libvirt);
    const driver = new LibvirtMachines(host.run, { uri });
    const start = async ({ name, aliases: [uuid = ''] }: FixtureMachine): Promise<void> => {
      await virsh('start', uuid);
      await untilReady(driver.inside(name));
    };
    for (const machine of MACHINES) await libvirt.define(kit, machine);
    await Promise.all(MACHINES.map(start));
    return {
      ...{ driver, start, close },
      machines: MACHINES,
      bridge: host.bridge,
      absent: /libvirt runs no machine "nobody".*virsh start/,
      links: () => host.links(),
      stop: async ({ aliases: [uuid = ''] }) => {
        await virsh('destroy', uuid);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
