import { NETEMU_CONFIG } from './objects.js';
import {
  adminString,
  enumeration,
  interfaceNameIndex,
  interfaceNameOrEmpty,
  macAddressOrNone,
  truthValue,
  unsigned,
} from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** Octets that IPv6 needs of every link (RFC 8200 section 5): with less an interface loses its IPv6, also that of others. */
export const SMALLEST_MTU = 1280;
/** Octets: the longest IPv4 packet. */
export const LARGEST_MTU = 65535;

/** netemuVifTable: the virtual network interfaces of the host that the manager configures. */
export const vifTable = defineTable({
  name: 'netemuVif',
  entry: [...NETEMU_CONFIG, 2, 1],
  index: { vif: interfaceNameIndex },
  columns: {
    vmName: column(2, adminString(0, 64), ''),
    bridge: column(3, interfaceNameOrEmpty, ''),
    macAddress: column(4, macAddressOrNone, ''),
    /** Octets, inside the machine; 0 leaves it as it is. */
    mtu: column(5, unsigned(0, LARGEST_MTU), 0),
    /** The profile of all that the machine sends; 0 is none. */
    txProfile: column(6, unsigned(), 0),
    /** The profile of what the machine receives; 0 is none. */
    rxProfile: column(7, unsigned(), 0),
    sourceGuard: column(8, truthValue, true),
    /** What the machine forwards that is not addressed to it. */
    forwarding: column(9, enumeration({ nothing: 1, sites: 2, outside: 3 }), 'nothing'),
    /** What the host knows the machine by: a UUID, the name or ID of a container; empty: vmName. */
    machine: column(11, adminString(0, 255), ''),
    /** Whether the machine has to be on this host, or may be on another one now. */
    presence: column(12, enumeration({ required: 1, optional: 2 }), 'required'),
    /** Who sets the addresses, routes and MTU inside the machine: netmgr, or the guest itself. */
    addressing: column(13, enumeration({ netmgr: 1, guest: 2 }), 'netmgr'),
  },
  rowStatus: 10,
});

export type VifRow = RowOf<typeof vifTable>;
