import { NETEMU_CONFIG } from './objects.js';
import {
  enumeration,
  inetAddressOrNone,
  inetAddressType,
  integer,
  unsigned,
  unsignedIndex,
  UINT32_MAX,
} from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** The protocols of netemuFlowProtocol (IANA Assigned Internet Protocol Numbers); -1 is any. */
export const FLOW_PROTOCOLS = { any: -1, icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

/** netemuFlowTable: exceptions to the policies of the sites, the first that matches decides. */
export const flowTable = defineTable({
  name: 'netemuFlow',
  entry: [...NETEMU_CONFIG, 8, 1],
  index: { index: unsignedIndex(1, UINT32_MAX) },
  columns: {
    /** 0: what belongs to no site. */
    fromSite: column(2, unsigned(), 0),
    toSite: column(3, unsigned(), 0),
    protocol: column(4, integer(-1, 255), FLOW_PROTOCOLS.any),
    toPortMin: column(5, unsigned(0, 65535), 0),
    toPortMax: column(6, unsigned(0, 65535), 65535),
    action: column(7, enumeration({ permit: 1, deny: 2 }), 'permit'),
    fromAddressType: column(8, inetAddressType, 'unknown'),
    /** Empty: all of the site. */
    fromAddress: column(9, inetAddressOrNone, ''),
    fromPrefixLength: column(10, unsigned(0, 128), 0),
    toAddressType: column(11, inetAddressType, 'unknown'),
    toAddress: column(12, inetAddressOrNone, ''),
    toPrefixLength: column(13, unsigned(0, 128), 0),
  },
  rowStatus: 14,
});

export type FlowRow = RowOf<typeof flowTable>;
