import { NetmgrError } from '../../errors.js';
import { INTERFACE_NAME } from '../../mib/syntax.js';
import type { BridgeNetfilter } from '../kernel/ip/bridge-netfilter.js';
import type { Forwarding, Redirects } from '../kernel/ip/machine.js';
import { MACHINE_NAME } from '../kernel/names.js';
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

/** What a machine had inside before netmgr set something else. */
export interface KeptMachine {
  readonly machine: string;
  readonly forwarding?: Forwarding;
  readonly redirects?: Redirects;
  /** Of interfaces inside, octets. */
  readonly mtus: readonly { readonly dev: string; readonly mtu: number }[];
}

/** How a host was before netmgr. */
export interface KeptOriginals {
  /** How br_netfilter was before netmgr turned it on; undefined while it has not. */
  readonly bridgeNetfilter?: BridgeNetfilter | undefined;
  readonly qdiscs: readonly KeptQdisc[];
  readonly machines: readonly KeptMachine[];
}

export interface KeptFile extends KeptOriginals {
  /** The life of the kernel that it was read in: sysctls and interfaces begin anew with the next one. */
  readonly boot: string;
}

/** @throws NetmgrError `InvalidInput` for what is no such file */
export function keptFromJson(json: unknown): KeptFile {
  const { boot, bridgeNetfilter, qdiscs, machines = [] } = recordOf(json);
  if (typeof boot !== 'string' || !isListOf(qdiscs, isKeptQdisc)) throw unreadable();
  if (!isListOf(machines, isKeptMachine)) throw unreadable();
  const rest = { boot, qdiscs, machines };
  if (bridgeNetfilter === undefined) return rest;
  if (!isByVersion(bridgeNetfilter)) throw unreadable();
  return { ...rest, bridgeNetfilter };
}

function isListOf<T>(json: unknown, isOne: (one: unknown) => one is T): json is T[] {
  return Array.isArray(json) && json.every(isOne);
}

function isByVersion(json: unknown): json is Readonly<Record<4 | 6, boolean>> {
  const { 4: ipv4, 6: ipv6 } = recordOf(json);
  return typeof ipv4 === 'boolean' && typeof ipv6 === 'boolean';
}

function isKeptMachine(json: unknown): json is KeptMachine {
  const { machine, forwarding, redirects = {}, mtus } = recordOf(json);
  return (
    typeof machine === 'string' &&
    MACHINE_NAME.test(machine) &&
    (forwarding === undefined || isByVersion(forwarding)) &&
    Object.entries(recordOf(redirects)).every(
      ([dev, is]) => isInterfaceName(dev) && typeof is === 'boolean',
    ) &&
    Array.isArray(mtus) &&
    mtus.map(recordOf).every(({ dev, mtu }) => isInterfaceName(dev) && Number.isInteger(mtu))
  );
}

const isInterfaceName = (json: unknown): json is string =>
  typeof json === 'string' && INTERFACE_NAME.test(json);

function isKeptQdisc(json: unknown): json is KeptQdisc {
  const { vif, ifindex, kind, handle, remake } = recordOf(json);
  return (
    isInterfaceName(vif) &&
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
