import { NetmgrError } from '../../errors.js';
import type { Oid } from '../../mib/value.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { malformed } from './malformed.js';
import type { AgentxVarBind, SearchRange } from './pdu.js';

/** v.type of RFC 2741 section 5.4. */
const VALUE_TYPES = {
  Integer32: 2,
  OctetString: 4,
  Null: 5,
  ObjectIdentifier: 6,
  IpAddress: 64,
  Counter32: 65,
  Gauge32: 66,
  TimeTicks: 67,
  Opaque: 68,
  Counter64: 70,
  noSuchObject: 128,
  noSuchInstance: 129,
  endOfMibView: 130,
} as const satisfies Record<AgentxVarBind['value']['type'], number>;

type ValueType = keyof typeof VALUE_TYPES;
const typeByNumber = new Map(
  Object.entries(VALUE_TYPES).map(([type, number]) => [number as number, type as ValueType]),
);

/** SMI's limit of an OID (RFC 2578 section 3.5). */
const MAX_SUBIDS = 128;

/**
 * An object identifier (RFC 2741 section 5.1). One below `internet` is sent without its first four
 * sub-identifiers, the fifth being the prefix octet, if that is from 1 to 255.
 *
 * @throws NetmgrError `InvalidInput` for more than 128 sub-identifiers or one above 2^32 - 1.
 */
export function encodeOid(writer: ByteWriter, oid: Oid, include = false): void {
  if (oid.length > MAX_SUBIDS) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `an object identifier has ${String(oid.length)} sub-identifiers, not at most 128`,
    });
  }
  const fifth = oid[4] ?? 0;
  const compressed =
    oid[0] === 1 && oid[1] === 3 && oid[2] === 6 && oid[3] === 1 && fifth >= 1 && fifth <= 255;
  writer.uint8(compressed ? oid.length - 5 : oid.length);
  writer.uint8(compressed ? fifth : 0);
  writer.uint8(include ? 1 : 0);
  writer.uint8(0);
  for (let i = compressed ? 5 : 0; i < oid.length; i++) writer.uint32(oid[i] ?? 0);
}

/** The reverse of {@link encodeOid}. @throws NetmgrError `InvalidInput`. */
export function decodeOid(reader: ByteReader): { readonly oid: Oid; readonly include: boolean } {
  const count = reader.uint8();
  const prefix = reader.uint8();
  const include = reader.uint8() !== 0;
  reader.skip(1);
  const oid = prefix === 0 ? [] : [1, 3, 6, 1, prefix];
  if (oid.length + count > MAX_SUBIDS) throw malformed('an object identifier is too long');
  for (let i = 0; i < count; i++) oid.push(reader.uint32());
  return { oid, include };
}

/** An octet string: its length, the octets and zeros up to a multiple of four (section 5.3). */
export function encodeOctets(writer: ByteWriter, octets: Uint8Array): void {
  writer.uint32(octets.length);
  writer.octets(octets);
  for (let i = octets.length; i % 4 !== 0; i++) writer.uint8(0);
}

/** The reverse of {@link encodeOctets}. @throws NetmgrError `InvalidInput`. */
export function decodeOctets(reader: ByteReader): Uint8Array {
  const length = reader.uint32();
  const octets = reader.octets(length);
  reader.skip((4 - (length % 4)) % 4);
  return octets;
}

export function encodeSearchRange(writer: ByteWriter, { start, include, end }: SearchRange): void {
  encodeOid(writer, start, include);
  encodeOid(writer, end);
}

/** @throws NetmgrError `InvalidInput`. */
export function decodeSearchRange(reader: ByteReader): SearchRange {
  const { oid: start, include } = decodeOid(reader);
  return { start, include, end: decodeOid(reader).oid };
}

/** @throws NetmgrError `InvalidInput` for a value its type cannot carry. */
export function encodeVarBind(writer: ByteWriter, { oid, value }: AgentxVarBind): void {
  writer.uint16(VALUE_TYPES[value.type]);
  writer.uint16(0);
  encodeOid(writer, oid);
  switch (value.type) {
    case 'Integer32':
      writer.int32(value.value);
      break;
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
      writer.uint32(value.value);
      break;
    case 'Counter64':
      writer.uint64(value.value);
      break;
    case 'IpAddress':
      if (value.value.length !== 4) throw malformed('an IpAddress has not four octets');
      encodeOctets(writer, value.value);
      break;
    case 'OctetString':
    case 'Opaque':
      encodeOctets(writer, value.value);
      break;
    case 'ObjectIdentifier':
      encodeOid(writer, value.value);
      break;
    case 'Null':
    case 'noSuchObject':
    case 'noSuchInstance':
    case 'endOfMibView':
      break;
  }
}

/** @throws NetmgrError `InvalidInput`. */
export function decodeVarBind(reader: ByteReader): AgentxVarBind {
  const number = reader.uint16();
  const type = typeByNumber.get(number);
  if (type === undefined) throw malformed(`${String(number)} is no type of a value`);
  reader.skip(2);
  const { oid } = decodeOid(reader);
  return { oid, value: decodeValue(reader, type) };
}

function decodeValue(reader: ByteReader, type: ValueType): AgentxVarBind['value'] {
  switch (type) {
    case 'Integer32':
      return { type, value: reader.int32() };
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
      return { type, value: reader.uint32() };
    case 'Counter64':
      return { type, value: reader.uint64() };
    case 'OctetString':
    case 'Opaque':
      return { type, value: decodeOctets(reader) };
    case 'IpAddress': {
      const value = decodeOctets(reader);
      if (value.length !== 4) throw malformed('an IpAddress has not four octets');
      return { type, value };
    }
    case 'ObjectIdentifier':
      return { type, value: decodeOid(reader).oid };
    default:
      return { type };
  }
}
