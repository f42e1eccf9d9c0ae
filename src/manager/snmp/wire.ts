import snmp from 'net-snmp';
import { NetmgrError } from '../../errors.js';
import { oidText, parseOid } from '../../mib/oid.js';
import type { SnmpValue, VarBind } from '../../mib/value.js';

/** net-snmp's form of a varbind. */
export interface LibraryVarbind {
  readonly oid: string;
  readonly type: number;
  readonly value: unknown;
}

const { ObjectType } = snmp;

/** The varbind in net-snmp's form. */
export function toLibrary({ oid, value }: VarBind): snmp.Varbind {
  return { oid: oidText(oid), ...typeAndValue(value) };
}

function typeAndValue(value: SnmpValue): { type: number; value: number | string | Buffer | bigint | null } {
  switch (value.type) {
    case 'Integer32':
      return { type: ObjectType.Integer, value: value.value };
    case 'Gauge32':
      return { type: ObjectType.Gauge, value: value.value };
    case 'Counter32':
      return { type: ObjectType.Counter, value: value.value };
    case 'TimeTicks':
      return { type: ObjectType.TimeTicks, value: value.value };
    case 'OctetString':
      return { type: ObjectType.OctetString, value: Buffer.from(value.value) };
    case 'Opaque':
      return { type: ObjectType.Opaque, value: Buffer.from(value.value) };
    case 'IpAddress':
      return { type: ObjectType.IpAddress, value: value.value.join('.') };
    case 'ObjectIdentifier':
      return { type: ObjectType.OID, value: oidText(value.value) };
    case 'Counter64':
      return { type: ObjectType.Counter64, value: value.value };
    case 'Null':
      return { type: ObjectType.Null, value: null };
  }
}

/** The types that stand for no value (RFC 3416 section 3). */
const MISSING: ReadonlySet<number> = new Set([
  ObjectType.NoSuchObject,
  ObjectType.NoSuchInstance,
  ObjectType.EndOfMibView,
]);

/** Whether an answer says that there is no such object or instance, or no further one. */
export function isMissing({ type }: LibraryVarbind): boolean {
  return MISSING.has(type);
}

/** What an agent answered. It is untrusted. @throws NetmgrError `Rejected` for a value of no known form. */
export function fromLibrary({ oid, type, value }: LibraryVarbind): VarBind {
  const parsed = valueOf(type, value);
  if (parsed === undefined) {
    throw new NetmgrError({
      kind: 'Rejected',
      message: `the answer for ${oid} has an unknown type ${String(type)}`,
    });
  }
  return { oid: parseOid(oid), value: parsed };
}

const NUMBERS: Readonly<Record<number, 'Integer32' | 'Gauge32' | 'Counter32' | 'TimeTicks'>> = {
  [ObjectType.Integer]: 'Integer32',
  [ObjectType.Gauge]: 'Gauge32',
  [ObjectType.Counter]: 'Counter32',
  [ObjectType.TimeTicks]: 'TimeTicks',
};

function valueOf(type: number, value: unknown): SnmpValue | undefined {
  const number = NUMBERS[type];
  if (number !== undefined && typeof value === 'number') return { type: number, value };
  switch (type as snmp.ObjectType) {
    case ObjectType.OctetString:
      return Buffer.isBuffer(value) ? { type: 'OctetString', value } : undefined;
    case ObjectType.OID:
      return typeof value === 'string' ? { type: 'ObjectIdentifier', value: parseOid(value) } : undefined;
    case ObjectType.Counter64:
      // Big-endian, and of as many octets as the agent saw fit to send.
      return Buffer.isBuffer(value)
        ? { type: 'Counter64', value: BigInt.asUintN(64, BigInt(`0x0${value.toString('hex')}`)) }
        : undefined;
    default:
      return undefined;
  }
}
