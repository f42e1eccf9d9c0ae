import type { Host } from '../manager/model/host.js';
import type { RealEnvironment } from '../manager/model/real-environment.js';
import type { BitRate } from '../units/bit-rate.js';
import { refuseClashes } from './clashes.js';
import { findManagementNetworks, MANAGEMENT_DEVICE, type ManagementNetwork } from './management-network.js';
import { readPhysicalNetwork, type PhysicalNetwork } from './physical-links.js';

/** A host of the lab. */
export interface LabHost {
  readonly name: string;
  /** Where its agent answers. */
  readonly address: string;
  readonly port: number;
  /** The name of the file's credentials. */
  readonly credentials: string;
}

/** Commands for one namespace: lines of `ip -batch` and of `tc -batch`. */
export interface NamespaceCommands {
  readonly namespace: string;
  readonly ip: readonly string[];
  readonly tc: readonly string[];
}

/** All that is to be built, as plain data that can cross to another kernel. */
export interface LabLayout {
  readonly hosts: readonly LabHost[];
  /** The names of hosts and machines. */
  readonly namespaces: readonly string[];
  /** `ip -batch` and `tc -batch` for the lab's own namespace; the namespaces exist by then. */
  readonly root: Omit<NamespaceCommands, 'namespace'>;
  readonly inside: readonly NamespaceCommands[];
  readonly labAddresses: readonly string[];
  /** What of the file the lab leaves out, in sentences. */
  readonly notes: readonly string[];
}

const MANAGEMENT_BRIDGE = 'mgmt';

// No spanning tree and no wait for it; multicast goes everywhere, because a lab has no querier and snooping would
// lose IPv6 neighbour discovery after some minutes; no address of its own on any of the lab's bridges.
const BRIDGE = 'type bridge stp_state 0 forward_delay 0 mcast_snooping 0';

/**
 * Says how a real environment is built from namespaces, veth pairs and bridges.
 *
 * @throws NetmgrError `Conflict` where names or addresses clash or the hosts' addresses share no network.
 */
export function planLayout(real: RealEnvironment): LabLayout {
  refuseClashes(real);
  const networks = findManagementNetworks(
    real.hosts.map(({ address }) => address),
    real.routers.map(({ address }) => address),
  );
  const physical = readPhysicalNetwork(real);
  return {
    hosts: real.hosts.map((host) => ({
      name: host.name,
      address: host.address.toString(),
      port: host.agent.port,
      credentials: host.agent.credentials,
    })),
    namespaces: real.hosts.flatMap((host) => [host.name, ...host.vms.map(({ name }) => name)]),
    root: rootCommands(real, networks, physical),
    inside: real.hosts.flatMap((host) => [
      hostCommands(host, networks, physical),
      ...host.vms.map(({ name, vifs }) => ({
        namespace: name,
        ip: ['link set dev lo up', ...vifs.map((_, index) => `link set dev eth${String(index)} up`)],
        tc: [],
      })),
    ]),
    labAddresses: networks.map(({ labAddress }) => labAddress.toString()),
    notes: physical.notes,
  };
}

function rootCommands(
  real: RealEnvironment,
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
  ];
  const tc: string[] = [];
  real.hosts.forEach((host, index) => {
    const port = `m${String(index)}`;
    ip.push(
      `link add name ${port} type veth peer name ${MANAGEMENT_DEVICE} netns ${host.name}`,
      ...portCommands(port, MANAGEMENT_BRIDGE),
    );
    for (const { name, vifs } of host.vms) {
      vifs.forEach((vif, position) => {
        const mac = vif.mac === undefined ? '' : ` address ${vif.mac.toString()}`;
        ip.push(
          `link add name ${vif.name} netns ${host.name} type veth peer name eth${String(position)}${mac} netns ${name}`,
        );
      });
    }
  });
  physical.uplinks.forEach((uplink, index) => {
    const port = `u${String(index)}`;
    ip.push(
      `link add name ${port} type veth peer name ${uplink.device} netns ${uplink.host}`,
      ...portCommands(port, switchBridge(uplink.switch)),
    );
    tc.push(...rateCommands(port, uplink.bandwidth));
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

function bridgeCommands(name: string): string[] {
  return [`link add name ${name} ${BRIDGE}`, ...raiseCommands(name)];
}

function portCommands(device: string, bridge: string): string[] {
  return [`link set dev ${device} master ${bridge}`, ...raiseCommands(device)];
}

/** In two lines: in one, the interface would be up, and have its link-local address, before it may not. */
function raiseCommands(device: string): string[] {
  return [`link set dev ${device} addrgenmode none`, `link set dev ${device} up`];
}

function switchBridge(index: number): string {
  return `sw${String(index)}`;
}

/** A physical line's rate with 50 ms of buffer; a burst of 1 ms or two full frames, as for emulated links. */
function rateCommands(device: string, bandwidth: BitRate | undefined): string[] {
  if (bandwidth === undefined) return [];
  const bytesPerSecond = bandwidth.bitsPerSecond / 8;
  const burst = Math.ceil(Math.max(2 * 1514, bytesPerSecond / 1000));
  const limit = Math.ceil(bytesPerSecond / 20) + burst;
  return [
    `qdisc add dev ${device} root tbf rate ${String(bandwidth.bitsPerSecond)}bit burst ${String(burst)} limit ${String(limit)}`,
  ];
}
