import type { Host } from '../model/host.js';
import type { PhysicalLink, RealEnvironment } from '../model/real-environment.js';
import type { Graph, GraphEdge, GraphGroup, GraphNode } from './graph.js';

/** What is there: hosts with their bridges and machines, and the physical network between them. */
export function hostsGraph({ name, hosts, switches, routers, links }: RealEnvironment): Graph {
  return {
    name,
    shows: 'hosts',
    hosts: hosts.map((host) => ({ name: host.name, address: host.address.toString() })),
    groups: hosts.map(hostGroup),
    nodes: [
      ...switches.map((one) => physicalNode('switch', one.name, [])),
      ...routers.map((one) => physicalNode('router', one.name, [one.address.toString()])),
      ...hosts.flatMap((host) => [...bridgeNodes(host), ...machineNodes(host)]),
    ],
    edges: [...links.map(physicalEdge), ...hosts.flatMap(vifEdges)],
  };
}

function hostGroup({ name, address, hypervisor, version, memory, cpus }: Host): GraphGroup {
  const system = [hypervisor, version].filter((word) => word !== undefined).join(' ');
  const words = [
    address.toString(),
    system,
    memory?.toString() ?? '',
    cpus === undefined ? '' : `${String(cpus)} ${cpus === 1 ? 'cpu' : 'cpus'}`,
  ];
  return { id: name, kind: 'host', name, words: words.filter((word) => word !== '') };
}

function physicalNode(kind: 'switch' | 'router', name: string, addresses: readonly string[]): GraphNode {
  return { id: name, kind, name, addresses, words: [] };
}

/** A bridge may have the name of a machine; a blank is in no name. */
const bridgeId = (host: Host, bridge: string): string => `${host.name}/bridge ${bridge}`;
const machineId = (host: Host, machine: string): string => `${host.name}/${machine}`;

function bridgeNodes(host: Host): GraphNode[] {
  return host.bridges.map(({ name, uplink }) => ({
    ...{ id: bridgeId(host, name), kind: 'bridge', name, group: host.name, host: host.name, addresses: [] },
    words: uplink === undefined ? ['no uplink'] : [`uplink ${uplink}`],
  }));
}

function machineNodes(host: Host): GraphNode[] {
  return host.vms.map(({ name, memory }) => ({
    ...{ id: machineId(host, name), kind: 'machine', name, group: host.name, host: host.name, addresses: [] },
    words: memory === undefined ? [] : [memory.toString()],
  }));
}

function vifEdges(host: Host): GraphEdge[] {
  return host.vms.flatMap((vm) =>
    vm.vifs.map((vif) => ({
      ...{ kind: 'vif', from: machineId(host, vm.name), to: bridgeId(host, vif.bridge) },
      ...{ direction: 'both', state: 'up', words: [vif.name] },
    })),
  );
}

function physicalEdge({ from, to, bandwidth, latency, mtu }: PhysicalLink): GraphEdge {
  const words = [bandwidth, latency].flatMap((value) => (value === undefined ? [] : [value.toString()]));
  return {
    ...{ kind: 'physical', from, to, direction: 'both', state: 'up' },
    words: mtu === undefined ? words : [...words, `mtu ${mtu.toString()}`],
  };
}
