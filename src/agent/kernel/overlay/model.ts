/** What of a VXLAN device the kernel cannot change afterwards. */
export interface Tunnel {
  /** The VXLAN network identifier; 0 for a device that takes all networks of its port, which is never ours. */
  readonly vni: number;
  /** UDP. */
  readonly port: number;
  /** The address of this host's endpoint. */
  readonly local: string;
  /** Whether it is as netmgr makes one: it learns nothing, and takes nothing from others. */
  readonly plain: boolean;
}

/** The VXLAN of a site on this host: the device, and what goes where. */
export interface Overlay {
  readonly site: number;
  readonly tunnel: Tunnel;
  /** Undefined: at no bridge. */
  readonly bridge: string | undefined;
  /** Octets: the wanted one is the least. */
  readonly mtu: number;
  readonly up: boolean;
  /** Whether the device bears our mark. */
  readonly marked: boolean;
  /** Whether the port of the bridge learns nothing, gets nothing for unknown machines, and nothing from others of its kind. */
  readonly closed: boolean;
  /** The endpoints that get what is for all. */
  readonly vteps: ReadonlySet<string>;
  /** The endpoint behind which each machine is, by MAC address. */
  readonly machines: ReadonlyMap<string, string>;
  /** The machines to which the bridge knows the way, and whether it holds on to that. */
  readonly pinned: ReadonlyMap<string, boolean>;
}

/** The overlays of netmgr by the names of their devices. */
export type OverlayState = ReadonlyMap<string, Overlay>;

/** Whether a device can become the other without being made anew. */
export function sameTunnel(a: Tunnel, b: Tunnel): boolean {
  return a.vni === b.vni && a.port === b.port && a.local === b.local && a.plain === b.plain;
}
