import { IpNetwork, type IpAddress, type IpVersion } from '../../../units/ip-network.js';

/** "N": the number by which the kernel tells our routes from those of others (rtnetlink(7), rtm_protocol). */
export const ROUTE_PROTOCOL = 78;
/**
 * The metric of our addresses, by which they are told from those of others: iproute2 before 6.3 knows no protocol of
 * an address. The kernel gives it to the route of the address's network too.
 */
export const ADDRESS_METRIC = 78;
/** What the kernel takes for an IPv6 route without a metric. */
const IPV6_METRIC = 1024;

/** An address of an interface with the prefix of its network. */
export interface InterfaceAddress {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/** An address that somebody else, or the kernel, gave to an interface. */
export interface ForeignAddress extends InterfaceAddress {
  /** Whether it goes when the first IPv4 address of its network goes (ip-address(8), promote_secondaries). */
  readonly secondary: boolean;
  /** What makes it again, as `ip address` takes it. */
  readonly options: string;
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
  /** Whether it forwards packets that are not addressed to it. */
  readonly forwarding: Forwarding;
  /** Absent where nobody has looked, or nothing is wanted. */
  readonly redirects?: Redirects;
}

/** Whether it tells senders of shorter ways over an interface, or over `all` (ICMP redirects, RFC 792). */
export type Redirects = Readonly<Record<string, boolean>>;

/** By IP version. */
export type Forwarding = Readonly<Record<IpVersion, boolean>>;

export const sameForwarding = (a: Forwarding, b: Forwarding): boolean => a[4] === b[4] && a[6] === b[6];

export interface MachineDevice {
  readonly up: boolean;
  readonly mac: string;
  /** Octets. */
  readonly mtu: number;
  /** Ours, in the order of the kernel. */
  readonly addresses: readonly InterfaceAddress[];
  /** Those of others, without link-local IPv6 addresses. */
  readonly foreignAddresses: readonly ForeignAddress[];
  /** IPv4 routes of others in all tables, as `ip route` takes them: they go with the last IPv4 address. */
  readonly foreignRouteLines: readonly string[];
}

export function addressText({ address, prefixLength }: InterfaceAddress): string {
  return `${address.toString()}/${String(prefixLength)}`;
}

/** What the kernel has an interface's address by: IPv6 has one once, IPv4 once with each prefix length. */
export function heldText(address: InterfaceAddress): string {
  return address.address.version === 6 ? address.address.toString() : addressText(address);
}

/** The network that an address is in. */
export function networkText({ address, prefixLength }: InterfaceAddress): string {
  return IpNetwork.containing(address, prefixLength).toString();
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
