import type { Configuration } from '../../mib/configuration.js';
import type { ProbeRow } from '../../mib/probe-table.js';
import { interfaceNameIndex } from '../../mib/syntax.js';
import { vifTable, type VifRow } from '../../mib/vif-table.js';
import { IpAddress, IpNetwork } from '../../units/ip-network.js';

/** Milliseconds that a request may take. */
const LONGEST = 3_600_000;

/** What is no address of an interface that others reach. */
const NOBODY = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3', '::/127', '::ffff:0:0/96', 'ff00::/8'].map(
  (text) => IpNetwork.parse(text),
);
const LINK_LOCAL = IpNetwork.parse('fe80::/10');

/** Whether an address is one of IPv6 that means something on one link only (RFC 4291 section 2.5.6). */
export const isLinkLocal = (address: IpAddress): boolean => LINK_LOCAL.contains(address);

/** The row of the vif whose machine probes; undefined if there is none. */
export function probingVif({ vif }: ProbeRow, running: Configuration): VifRow | undefined {
  return running.get(vifTable, interfaceNameIndex.encode(vif));
}

/** Whether the columns of a request agree with each other and with what runs. */
export function canBeAsked(row: ProbeRow, running: Configuration): boolean {
  const target = IpAddress.parse(row.target);
  const isEcho = row.kind === 'echo';
  return (
    row.targetType === (target.version === 4 ? 'ipv4' : 'ipv6') &&
    !NOBODY.some((network) => network.contains(target)) &&
    (isEcho || !(isLinkLocal(target) || row.onLink)) &&
    row.count * row.interval <= LONGEST &&
    probingVif(row, running) !== undefined
  );
}
