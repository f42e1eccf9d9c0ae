import { INTERFACE_NAME } from '../../mib/syntax.js';
import type { Link } from '../kernel/ip/links.js';
import { KERNEL_DATAPATH, type OpenVswitchBridge } from '../kernel/open-vswitch/bridges.js';

/** How an interface of the host is attached. */
export interface Attachment {
  /** The bridge; empty if there is none. */
  readonly bridge: string;
  /** What stands in the way of managing it, in words with what to do; empty if nothing does. */
  readonly obstacle: string;
}

/**
 * Tells how the interface of a machine is attached.
 *
 * @param vif empty if the kernel has none
 */
export function attachmentOf(
  vif: string,
  link: Pick<Link, 'master'> | undefined,
  openVswitch: readonly OpenVswitchBridge[],
): Attachment {
  const switched = openVswitch.find(({ ports }) => ports.includes(vif))?.name;
  const { master = '' } = link ?? {};
  if (switched !== undefined || master === KERNEL_DATAPATH) {
    return { bridge: switched ?? '', obstacle: openVswitchWords(vif, switched) };
  }
  const misnamed = [vif, master].find((name) => name !== '' && !INTERFACE_NAME.test(name));
  const obstacle =
    misnamed === undefined
      ? ''
      : `an interface is called ${JSON.stringify(misnamed)}; rename it with letters, digits, ".", "_" and "-" only`;
  return { bridge: master, obstacle };
}

/** Why a port of Open vSwitch cannot be managed, and what to do. */
export function openVswitchWords(vif: string, bridge = ''): string {
  const where = bridge === '' ? 'Open vSwitch' : `Open vSwitch (${bridge})`;
  return `${vif} is a port of ${where}: it could be shaped, but what passes there comes by no rule of iptables and nft, so that its site could not be closed; attach it to a Linux bridge`;
}
