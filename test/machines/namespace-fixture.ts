import { NamespaceMachines } from '../../src/agent/machines/namespace-machines.js';
import { run } from '../../src/process/run.js';
import type { FixtureMachine, MachineFixture } from './fixture.js';
import { TestHost } from './test-host.js';

/** Two namespaces of this machine: `ip netns` knows them by name, from whichever network it is called. */
export async function namespaceFixture(): Promise<MachineFixture> {
  const host = await TestHost.create();
  const machines: MachineFixture['machines'] = [
    { name: `${host.name}-vm1`, mac: '02:00:00:22:00:01', aliases: [] },
    { name: `${host.name}-vm2`, mac: '02:00:00:22:00:02', aliases: [] },
  ];
  const start = async ({ name, mac }: FixtureMachine): Promise<void> => {
    const vif = `vif-${name.slice(-3)}`;
    await run(['ip', 'netns', 'add', name]);
    await host.run([
      ...(['ip', 'link', 'add', vif, 'type', 'veth'] as const),
      ...['peer', 'name', 'eth0', 'address', mac, 'netns', name],
    ]);
    await host.run(['ip', 'link', 'set', 'dev', vif, 'master', host.bridge, 'up']);
    await run(['ip', '-n', name, 'link', 'set', 'dev', 'eth0', 'up']);
  };
  const stop = async ({ name }: FixtureMachine): Promise<void> => {
    await run(['ip', 'netns', 'del', name], { accept: [0, 1] });
  };
  for (const machine of machines) await start(machine);
  return {
    ...{ machines, start, stop },
    driver: new NamespaceMachines(host.run),
    bridge: host.bridge,
    absent: /nobody/,
    links: () => host.links(),
    close: async () => {
      for (const machine of machines) await stop(machine);
      await host.remove();
    },
  };
}
