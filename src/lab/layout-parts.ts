import type { Host } from '../manager/model/host.js';
import type { RealEnvironment } from '../manager/model/real-environment.js';
import { refuseClashes } from './clashes.js';
import { bridgeCommands, portCommands, rateCommands } from './layout-commands.js';
import type { LabHost, LabLayout, NamespaceCommands } from './layout.js';
import { findManagementNetworks, MANAGEMENT_DEVICE, type ManagementNetwork } from './management-network.js';
import { readPhysicalNetwork, type PhysicalNetwork } from './physical-links.js';

/** A line from a port in the lab's own namespace to an interface of a host. */
export interface Cable {
  readonly port: string;
  readonly host: string;
  readonly device: string;
}

/** What a host has, the ends of its cables apart. */
export interface HostParts {
  readonly host: LabHost;
  /** Of the host and its machines. */
  readonly namespaces: readonly string[];
  /** Lines of `ip -batch` that join the machines with the host. */
  readonly links: readonly string[];
  /** For when the host's ends of the cables are there. */
  readonly inside: readonly NamespaceCommands[];
}

/** What a lab is put together from, however its namespaces are spread over kernels. */
export interface LayoutParts extends Pick<LabLayout, 'hosts' | 'labAddresses' | 'notes'> {
  readonly cables: readonly Cable[];
  readonly machines: readonly HostParts[];
  /** Bridges and trunks of the lab's own namespace, where the cables' ports are already. */
  readonly switches: LabLayout['root'];
}

const MANAGEMENT_BRIDGE = 'mgmt';

/** @throws NetmgrError `Conflict` where names or addresses clash or the hosts' addresses share no network. */
export function readLayoutParts(real: RealEnvironment): LayoutParts {
  refuseClashes(real);
  const networks = findManagementNetworks(
    real.hosts.map(({ address }) => address),
    real.routers.map(({ address }) => address),
  );
  const physical = readPhysicalNetwork(real);
  const hosts = real.hosts.map(labHost);
  return {
    hosts,
    cables: [
      ...hosts.map(({ name }, index) => ({
        port: managementPort(index),
        host: name,
        device: MANAGEMENT_DEVICE,
      })),
      ...physical.uplinks.map(({ host, device }, index) => ({ port: uplinkPort(index), host, device })),
    ],
    machines: real.hosts.map((host) => hostParts(host, networks, physical)),
    switches: switchCommands(hosts, networks, physical),
    labAddresses: networks.map(({ labAddress }) => labAddress.toString()),
    notes: physical.notes,
  };
}

function labHost({ name, address, agent }: Host): LabHost {
  return { name, address: address.toString(), port: agent.port, credentials: agent.credentials };
}

function hostParts(host: Host, networks: readonly ManagementNetwork[], physical: PhysicalNetwork): HostParts {
  return {
    host: labHost(host),
    namespaces: [host.name, ...host.vms.map(({ name }) => name)],
    links: host.vms.flatMap(({ name, vifs }) =>
      vifs.map((vif, position) => {
        const mac = vif.mac === undefined ? '' : ` address ${vif.mac.toString()}`;
        return `link add name ${vif.name} netns ${host.name} type veth peer name eth${String(position)}${mac} netns ${name}`;
      }),
    ),
    inside: [
      hostCommands(host, networks, physical),
      ...host.vms.map(({ name, vifs }) => ({
        namespace: name,
        ip: ['link set dev lo up', ...vifs.map((_, index) => `link set dev eth${String(index)} up`)],
        tc: [],
      })),
    ],
  };
}

function switchCommands(
  hosts: readonly LabHost[],
  networks: readonly ManagementNetwork[],
  physical: PhysicalNetwork,
): LabLayout['root'] {
  const ip = [
    ...bridgeCommands(MANAGEMENT_BRIDGE),
    ...networks.map(
      ({ version, labAddress, prefixLength }) =>
        `address add ${labAddress.toString()}/${String(prefixLength)} dev ${MANAGEMENT_BRIDGE}${version === 6 ? ' nodad' : ''}`,
    ),
    ...physical.switches.flatMap((_, index) => bridgeCommands(switchBridge(index))),
    ...hosts.flatMap((_, index) => portCommands(managementPort(index), MANAGEMENT_BRIDGE)),
  ];
  const tc: string[] = [];
  physical.uplinks.forEach((uplink, index) => {
    ip.push(...portCommands(uplinkPort(index), switchBridge(uplink.switch)));
    tc.push(...rateCommands(uplinkPort(index), uplink.bandwidth));
  });
  physical.trunks.forEach((trunk, index) => {
    const [near, far] = [`t${String(index)}a`, `t${String(index)}b`];
    ip.push(
      `link add name ${near} type veth peer name ${far}`,
      ...portCommands(near, switchBridge(trunk.from)),
      ...portCommands(far, switchBridge(trunk.to)),
    );
    tc.push(...rateCommands(near, trunk.bandwidth), ...rateCommands(far, trunk.bandwidth));
  });
  return { ip, tc };
}

function hostCommands(
  host: Host,
  networks: readonly ManagementNetwork[],
  physical: PhysicalNetwork,
): NamespaceCommands {
  const uplinks = physical.uplinks.filter((uplink) => uplink.host === host.name);
  const prefixLength = networks.find(({ version }) => version === host.address.version)?.prefixLength;
  return {
    namespace: host.name,
    ip: [
      'link set dev lo up',
      `address add ${host.address.toString()}/${String(prefixLength)} dev ${MANAGEMENT_DEVICE}${host.address.version === 6 ? ' nodad' : ''}`,
      `link set dev ${MANAGEMENT_DEVICE} up`,
      ...host.bridges.flatMap((bridge) => bridgeCommands(bridge.name)),
      ...uplinks.flatMap((uplink) => portCommands(uplink.device, uplink.bridge)),
      ...host.vms.flatMap((vm) => vm.vifs.flatMap((vif) => portCommands(vif.name, vif.bridge))),
    ],
    tc: uplinks.flatMap((uplink) => rateCommands(uplink.device, uplink.bandwidth)),
  };
}

function managementPort(index: number): string {
  return `m${String(index)}`;
}

function uplinkPort(index: number): string {
  return `u${String(index)}`;
}

function switchBridge(index: number): string {
  return `sw${String(index)}`;
}
