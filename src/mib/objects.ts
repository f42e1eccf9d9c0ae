import type { Oid } from './value.js';

/** netemuMIB: the only place where the enterprise number stands in code. 32473 is for examples (RFC 5612). */
export const NETEMU_MIB: Oid = [1, 3, 6, 1, 4, 1, 32473, 1];

/** snmpTrapOID.0 (RFC 3418): which notification it is. */
export const SNMP_TRAP_OID: Oid = [1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0];

/** vmObjects of VM-MIB (RFC 7666). */
export const VM_OBJECTS: Oid = [1, 3, 6, 1, 2, 1, 236, 1];

/** netemuVmMibCapabilities: what agents serve of VM-MIB. */
export const VM_MIB_CAPABILITIES: Oid = [...NETEMU_MIB, 2, 3, 1];

const objects = (...tail: number[]): Oid => [...NETEMU_MIB, 1, ...tail];

export const NETEMU_HOST = objects(1);
export const NETEMU_CFG = objects(2);
export const NETEMU_CONFIG = objects(3);
export const NETEMU_STATE = objects(4);
export const NETEMU_NOTIFY_CONTROL = objects(5);
export const NETEMU_PROBE = objects(6);
