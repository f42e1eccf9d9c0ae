import type { IpNetwork } from '../../../units/ip-network.js';
import type { MacAddress } from '../../../units/mac-address.js';

export type SitePolicy = 'isolated' | 'proxy' | 'routed' | 'open';

/** Who may reach whom. */
export interface IsolationInput {
  readonly sites: readonly { readonly id: number; readonly policy: SitePolicy }[];
  /** All members of all sites, of this host and of others. */
  readonly members: readonly SiteMember[];
  /** Pairs of sites that a link joins. */
  readonly siteLinks: readonly (readonly [number, number])[];
  /** Exceptions; the first that matches decides. */
  readonly flows: readonly Flow[];
}

export interface SiteMember {
  readonly site: number;
  readonly network: IpNetwork;
  readonly role: 'node' | 'proxy';
  /** Of a proxy that forwards for its site. */
  readonly mac?: MacAddress;
}

/** An exception to what the policies of the sites say. */
export interface Flow {
  /** Its place in the order. */
  readonly index: number;
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  /** The number of IANA; absent: any. */
  readonly protocol?: FlowProtocol;
  /** The lowest and the highest port of the destination; absent: any. */
  readonly ports?: readonly [number, number];
  readonly action: 'permit' | 'deny';
}

export interface FlowEnd {
  /** Absent: the outside world, which is what belongs to no site. */
  readonly site?: number;
  /** Only these of it. */
  readonly network?: IpNetwork;
}

/** icmp, tcp, udp, ipv6-icmp. */
export type FlowProtocol = 1 | 6 | 17 | 58;
