import { NetmgrError } from '../../errors.js';
import { INTERFACE_NAME } from '../../mib/syntax.js';
import type { BridgeNetfilter } from '../kernel/ip/bridge-netfilter.js';
import { recordOf } from '../kernel/printed.js';
import { isRemake } from '../kernel/tc/remake.js';

/** A root qdisc of somebody else that netmgr has replaced. */
export interface KeptQdisc {
  readonly vif: string;
  /** Of the interface: another one of the same name never had it. */
  readonly ifindex: number;
  readonly kind: string;
  readonly handle: string;
  /** What makes it again, as tc takes it behind the kind. */
  readonly remake: string;
}

/** How a host was before netmgr. */
export interface KeptOriginals {
  /** How br_netfilter was before netmgr turned it on; undefined while it has not. */
  readonly bridgeNetfilter?: BridgeNetfilter | undefined;
  readonly qdiscs: readonly KeptQdisc[];
}

export interface KeptFile extends KeptOriginals {
  /** The life of the kernel that it was read in: sysctls and interfaces begin anew with the next one. */
  readonly boot: string;
}

/** @throws NetmgrError `InvalidInput` for what is no such file */
export function keptFromJson(json: unknown): KeptFile {
  const { boot, bridgeNetfilter, qdiscs } = recordOf(json);
  if (typeof boot !== 'string' || !Array.isArray(qdiscs) || !qdiscs.every(isKeptQdisc)) throw unreadable();
  if (bridgeNetfilter === undefined) return { boot, qdiscs };
  const { 4: ipv4, 6: ipv6 } = recordOf(bridgeNetfilter);
  if (typeof ipv4 !== 'boolean' || typeof ipv6 !== 'boolean') throw unreadable();
  return { boot, qdiscs, bridgeNetfilter: { 4: ipv4, 6: ipv6 } };
}

function isKeptQdisc(json: unknown): json is KeptQdisc {
  const { vif, ifindex, kind, handle, remake } = recordOf(json);
  return (
    typeof vif === 'string' &&
    INTERFACE_NAME.test(vif) &&
    Number.isInteger(ifindex) &&
    typeof kind === 'string' &&
    /^[\w-]+$/.test(kind) &&
    typeof handle === 'string' &&
    /^[0-9a-f]+:$/.test(handle) &&
    typeof remake === 'string' &&
    isRemake(remake)
  );
}

const unreadable = (): NetmgrError =>
  new NetmgrError({ kind: 'InvalidInput', message: 'it is not what was kept of a host' });
