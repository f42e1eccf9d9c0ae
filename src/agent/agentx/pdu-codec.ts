import { NetmgrError } from '../../errors.js';
import type { VarBind } from '../../mib/value.js';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { malformed } from './malformed.js';
import {
  PDU_TYPES,
  type AddAgentCapsPdu,
  type AgentxVarBind,
  type InContext,
  type OpenPdu,
  type Pdu,
  type PduHeader,
} from './pdu.js';
import {
  decodeOctets,
  decodeOid,
  decodeSearchRange,
  decodeVarBind,
  encodeOctets,
  encodeOid,
  encodeSearchRange,
  encodeVarBind,
} from './varbind-codec.js';

const VERSION = 1;
/** Octets of every header (RFC 2741 section 6.1). */
export const HEADER_LENGTH = 20;
const NON_DEFAULT_CONTEXT = 0x08;
const NETWORK_BYTE_ORDER = 0x10;

/**
 * The largest payload that is sent or accepted, in octets. What the master asks comes from one SNMP message
 * of at most 65,507 octets; its densest content, names of one-octet sub-identifiers, takes four octets each
 * here and stands twice in a search range. More is no request but a broken or hostile length field.
 */
export const MAX_PAYLOAD = 8 * 65_536;

const typeByNumber = new Map<number, Pdu['type']>(
  Object.entries(PDU_TYPES).map(([type, number]) => [number, type as Pdu['type']]),
);

/**
 * The octets of a PDU, in network byte order unless told otherwise.
 *
 * @throws NetmgrError `InvalidInput` if a field cannot hold its value or the payload is above {@link MAX_PAYLOAD}.
 */
export function encodePdu(pdu: Pdu, littleEndian = false): Buffer {
  const payload = new ByteWriter(littleEndian);
  const context = 'context' in pdu ? pdu.context : undefined;
  if (context !== undefined) encodeOctets(payload, context);
  encodeBody(payload, pdu);
  const body = payload.finish();
  if (body.length > MAX_PAYLOAD) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `an AgentX PDU would be ${String(body.length)} octets long, not at most ${String(MAX_PAYLOAD)}`,
    });
  }
  const writer = new ByteWriter(littleEndian);
  writer.uint8(VERSION);
  writer.uint8(PDU_TYPES[pdu.type]);
  writer.uint8((littleEndian ? 0 : NETWORK_BYTE_ORDER) | (context === undefined ? 0 : NON_DEFAULT_CONTEXT));
  writer.uint8(0);
  writer.uint32(pdu.sessionId);
  writer.uint32(pdu.transactionId);
  writer.uint32(pdu.packetId);
  writer.uint32(body.length);
  writer.octets(body);
  return writer.finish();
}

function encodeBody(writer: ByteWriter, pdu: Pdu): void {
  switch (pdu.type) {
    case 'Open':
      writer.uint8(pdu.timeout);
      pad(writer, 3);
      encodeDescribed(writer, pdu);
      break;
    case 'AddAgentCaps':
      encodeDescribed(writer, pdu);
      break;
    case 'Close':
      writer.uint8(pdu.reason);
      pad(writer, 3);
      break;
    case 'Register':
    case 'Unregister':
      writer.uint8(pdu.type === 'Register' ? pdu.timeout : 0);
      writer.uint8(pdu.priority);
      writer.uint8(pdu.rangeSubid);
      pad(writer, 1);
      encodeOid(writer, pdu.subtree);
      if (pdu.rangeSubid !== 0) writer.uint32(pdu.upperBound);
      break;
    case 'GetBulk':
      writer.uint16(pdu.nonRepeaters);
      writer.uint16(pdu.maxRepetitions);
      for (const range of pdu.ranges) encodeSearchRange(writer, range);
      break;
    case 'Get':
    case 'GetNext':
      for (const range of pdu.ranges) encodeSearchRange(writer, range);
      break;
    case 'TestSet':
    case 'Notify':
      for (const varBind of pdu.varBinds) encodeVarBind(writer, varBind);
      break;
    case 'Response':
      writer.uint32(pdu.sysUpTime);
      writer.uint16(pdu.error);
      writer.uint16(pdu.index);
      for (const varBind of pdu.varBinds) encodeVarBind(writer, varBind);
      break;
    case 'CommitSet':
    case 'UndoSet':
    case 'CleanupSet':
    case 'Ping':
      break;
  }
}

/** An identifier, and what it stands for in words. */
function encodeDescribed(writer: ByteWriter, { id, description }: OpenPdu | AddAgentCapsPdu): void {
  encodeOid(writer, id);
  encodeOctets(writer, Buffer.from(description, 'utf8'));
}

function pad(writer: ByteWriter, count: number): void {
  for (let i = 0; i < count; i++) writer.uint8(0);
}

/**
 * How many octets the PDU at the start of `bytes` has, header included; undefined if that is not known yet.
 *
 * @throws NetmgrError `InvalidInput` for another version or a length that cannot be.
 */
export function pduLength(bytes: Buffer): number | undefined {
  if (bytes.length > 0 && bytes[0] !== VERSION) throw malformed(`version ${String(bytes[0])}`);
  if (bytes.length < HEADER_LENGTH) return undefined;
  const length = isLittleEndian(bytes) ? bytes.readUInt32LE(16) : bytes.readUInt32BE(16);
  if (length > MAX_PAYLOAD || length % 4 !== 0) throw malformed(`a payload of ${String(length)} octets`);
  return HEADER_LENGTH + length;
}

function isLittleEndian(header: Buffer): boolean {
  return ((header[2] ?? 0) & NETWORK_BYTE_ORDER) === 0;
}

/**
 * Reads exactly one PDU, in the byte order its header names.
 *
 * @throws NetmgrError `InvalidInput` for everything that is no PDU this agent understands.
 */
export function decodePdu(bytes: Buffer): Pdu {
  if (pduLength(bytes) !== bytes.length) throw malformed('its length is not what the header says');
  const reader = new ByteReader(bytes, isLittleEndian(bytes));
  reader.skip(1);
  const number = reader.uint8();
  const type = typeByNumber.get(number);
  if (type === undefined) throw malformed(`${String(number)} is no type that is understood`);
  const flags = reader.uint8();
  reader.skip(1);
  const header: PduHeader = {
    sessionId: reader.uint32(),
    transactionId: reader.uint32(),
    packetId: reader.uint32(),
  };
  reader.skip(4);
  const context = (flags & NON_DEFAULT_CONTEXT) === 0 ? {} : { context: decodeOctets(reader) };
  const pdu = decodeBody(reader, type, header, context);
  if (reader.remaining !== 0) throw malformed('octets follow its last field');
  return pdu;
}

function decodeBody(reader: ByteReader, type: Pdu['type'], header: PduHeader, context: InContext): Pdu {
  switch (type) {
    case 'Open': {
      const timeout = reader.uint8();
      reader.skip(3);
      return { ...header, type, timeout, ...decodeDescribed(reader) };
    }
    case 'AddAgentCaps':
      return { ...header, ...context, type, ...decodeDescribed(reader) };
    case 'Close': {
      const reason = reader.uint8();
      reader.skip(3);
      return { ...header, type, reason };
    }
    case 'Register':
    case 'Unregister': {
      const timeout = reader.uint8();
      const priority = reader.uint8();
      const rangeSubid = reader.uint8();
      reader.skip(1);
      const subtree = decodeOid(reader).oid;
      const upperBound = rangeSubid === 0 ? 0 : reader.uint32();
      const region = { ...header, ...context, priority, subtree, rangeSubid, upperBound };
      return type === 'Register' ? { ...region, type, timeout } : { ...region, type };
    }
    case 'GetBulk': {
      const nonRepeaters = reader.uint16();
      const maxRepetitions = reader.uint16();
      const ranges = decodeList(reader, decodeSearchRange);
      return { ...header, ...context, type, nonRepeaters, maxRepetitions, ranges };
    }
    case 'Get':
    case 'GetNext':
      return { ...header, ...context, type, ranges: decodeList(reader, decodeSearchRange) };
    case 'TestSet':
    case 'Notify':
      return { ...header, ...context, type, varBinds: decodeList(reader, decodeVarBind).map(withValue) };
    case 'CommitSet':
    case 'UndoSet':
    case 'CleanupSet':
      return { ...header, type };
    case 'Ping':
      return { ...header, ...context, type };
    case 'Response': {
      const sysUpTime = reader.uint32();
      const error = reader.uint16();
      const index = reader.uint16();
      return { ...header, type, sysUpTime, error, index, varBinds: decodeList(reader, decodeVarBind) };
    }
  }
}

function decodeDescribed(reader: ByteReader): Pick<OpenPdu, 'id' | 'description'> {
  const { oid } = decodeOid(reader);
  return { id: oid, description: Buffer.from(decodeOctets(reader)).toString('utf8') };
}

function decodeList<T>(reader: ByteReader, decode: (reader: ByteReader) => T): T[] {
  const items: T[] = [];
  while (reader.remaining > 0) items.push(decode(reader));
  return items;
}

function withValue({ oid, value }: AgentxVarBind): VarBind {
  if (value.type === 'noSuchObject' || value.type === 'noSuchInstance' || value.type === 'endOfMibView') {
    throw malformed(`${value.type} where a value belongs`);
  }
  return { oid, value };
}
