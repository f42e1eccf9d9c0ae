import { generatedVifName } from '../model/generated-vif-name.js';
import type { Host } from '../model/host.js';
import type { RealEnvironment } from '../model/real-environment.js';
import type { VirtualMachine } from '../model/virtual-machine.js';
import { writeDocument, type WritableElement } from './write-element.js';

/** The file of a real environment, which `readRealEnvironment` reads back. */
export function writeRealEnvironment(environment: RealEnvironment): string {
  const { name, credentials, switches, hosts, links, routers } = environment;
  return writeDocument('real-environment', {
    attributes: { name },
    children: [
      ...credentials.map((each) => ({
        name: 'credentials',
        attributes: { name: each.name, user: each.user, auth: each.auth, priv: each.priv, from: each.from },
      })),
      ...switches.map((each) => ({ name: 'switch', attributes: { name: each.name } })),
      ...hosts.map(hostElement),
      ...links.map(({ from, to, bandwidth, latency, mtu }) => ({
        name: 'link',
        attributes: { from, to, bandwidth, latency, mtu },
      })),
      ...routers.map((each) => ({ name: 'router', attributes: { name: each.name, address: each.address } })),
    ],
  });
}

function hostElement(host: Host): WritableElement {
  const { name, address, hypervisor, version, memory, cpus, cluster, agent, bridges, vms } = host;
  return {
    name: 'host',
    attributes: { name, address, hypervisor, version, memory, cpus, cluster },
    children: [
      { name: 'agent', attributes: { port: agent.port, credentials: agent.credentials } },
      ...bridges.map((each) => ({ name: 'bridge', attributes: { name: each.name, uplink: each.uplink } })),
      ...vms.map(machineElement),
    ],
  };
}

function machineElement({
  name,
  memory,
  uuid,
  container,
  addressing,
  vifs,
}: VirtualMachine): WritableElement {
  return {
    name: 'vm',
    attributes: {
      ...{ name, memory, uuid, container },
      addressing: addressing === 'netmgr' ? undefined : addressing,
    },
    children: vifs.map(({ name: vif, mac, bridge }) => ({
      name: 'vif',
      attributes: {
        name: mac !== undefined && vif === generatedVifName(mac) ? undefined : vif,
        ...{ mac, bridge },
      },
    })),
  };
}
