import { ContainerMachines } from '../../src/agent/machines/container/container-machines.js';
import { podman } from '../../src/agent/machines/container/docker-engine.js';
import type { Engine } from '../../src/agent/machines/container/engine.js';
import { lxc } from '../../src/agent/machines/container/lxc-engine.js';
import { ContainerHost } from './container-host.js';
import { untilReady, type FixtureMachine, type MachineFixture } from './fixture.js';

const MACHINES = [
  { name: 'web', mac: '02:00:00:33:00:01', aliases: [] },
  { name: 'lab_db.1', mac: '02:00:00:33:00:02', aliases: [] },
] as const;

/** Whose events are told where the host is. */
const at = (host: ContainerHost, engine: Engine): Engine => ({
  ...engine,
  ...(engine.events === undefined
    ? {}
    : {
        events: {
          ...engine.events,
          argv: [
            'env',
            ...Object.entries(host.env).map(([name, value]) => `${name}=${value}`),
            ...host.enter,
            ...engine.events.argv,
          ],
        },
      }),
});

/** Two containers of Podman, at a bridge by CNI. */
export async function podmanFixture(): Promise<MachineFixture> {
  const host = await ContainerHost.create();
  const start = async ({ name, mac }: FixtureMachine): Promise<void> => {
    await host.podman(name, ['--network', 'lab', '--mac-address', mac]);
  };
  const stop = async ({ name }: FixtureMachine): Promise<void> => {
    await host.run(['podman', 'rm', '--force', '--time', '0', name]);
  };
  return fixtureOf(host, podman, start, stop);
}

/** Two containers of LXC. */
export async function lxcFixture(): Promise<MachineFixture> {
  const host = await ContainerHost.create();
  const start = async ({ name, mac }: FixtureMachine): Promise<void> => {
    await host.writeLxc(name, mac);
    await host.run(['lxc-start', '--name', name, '--daemon']);
  };
  const stop = async ({ name }: FixtureMachine): Promise<void> => {
    await host.run(['lxc-stop', '--kill', '--name', name], { accept: [0, 1, 2] });
  };
  return fixtureOf(host, lxc, start, stop);
}

async function fixtureOf(
  host: ContainerHost,
  engine: Engine,
  start: MachineFixture['start'],
  stop: MachineFixture['stop'],
): Promise<MachineFixture> {
  const driver = new ContainerMachines(host.run, [at(host, engine)]);
  const startWhole = async (machine: FixtureMachine): Promise<void> => {
    await start(machine);
    await untilReady(driver.inside(machine.name));
  };
  try {
    for (const machine of MACHINES) await startWhole(machine);
  } catch (error) {
    await host.remove();
    throw error;
  }
  return {
    ...{ machines: MACHINES, start: startWhole, stop, driver },
    bridge: host.bridge,
    absent: /no container nobody runs on this host.*podman ps/s,
    links: () => host.links(),
    close: async () => {
      for (const machine of MACHINES) await stop(machine).catch(() => undefined);
      await host.remove();
    },
  };
}
