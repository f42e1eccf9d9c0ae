import type { IpAddress, IpNetwork } from '../../../units/ip-network.js';

/** "N": the number by which the kernel tells our routes from those of others (rtnetlink(7), rtm_protocol). */
export const ROUTE_PROTOCOL = 78;
/** What the kernel takes for an IPv6 route without a metric. */
const IPV6_METRIC = 1024;

/** An address of an interface with the prefix of its network. */
export interface InterfaceAddress {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

export interface MachineRoute {
  readonly to: IpNetwork;
  readonly dev: string;
  /** The next hop; absent where the destination is on the link. */
  readonly via?: IpAddress;
  /** 0 is the kernel's choice. */
  readonly metric: number;
}

/** The interfaces, addresses and routes of one machine's namespace. */
export interface MachineState {
  readonly devices: ReadonlyMap<string, MachineDevice>;
  /** Ours. */
  readonly routes: readonly MachineRoute[];
  /** Of the main table, made by others or by the kernel; never written. */
  readonly foreignRoutes: readonly MachineRoute[];
}

export interface MachineDevice {
  readonly up: boolean;
  readonly mac: string;
  /** In the order of the kernel, without link-local IPv6 addresses. */
  readonly addresses: readonly InterfaceAddress[];
}

export function addressText({ address, prefixLength }: InterfaceAddress): string {
  return `${address.toString()}/${String(prefixLength)}`;
}

/** What makes a route one and the same for the kernel: where to, and the metric. */
export function routeKey({ to, metric }: MachineRoute): string {
  return `${to.toString()} ${String(metric === 0 && to.version === 6 ? IPV6_METRIC : metric)}`;
}

/** Whether the two have the same key and the same way. */
export function sameRoute(a: MachineRoute, b: MachineRoute): boolean {
  return (
    routeKey(a) === routeKey(b) &&
    a.dev === b.dev &&
    (a.via === undefined ? b.via === undefined : b.via !== undefined && a.via.equals(b.via))
  );
}
