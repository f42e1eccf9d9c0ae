import { NetmgrError } from '../errors.js';
import { IpAddress } from '../units/ip-network.js';
import { octetsOfText } from '../units/ip-octets.js';
import { MacAddress } from '../units/mac-address.js';
import { oidText } from './oid.js';
import type { Oid, SnmpValue } from './value.js';

/** The SYNTAX of an object: a typed value and what crosses the wire, both ways. */
export interface Syntax<T> {
  /** The type on the wire. */
  readonly type: SnmpValue['type'];
  readonly encode: (value: T) => SnmpValue;
  /** @throws WireValueError whose reason is what RFC 3416 section 4.2.5 calls it. */
  readonly decode: (value: SnmpValue) => T;
}

/** A value on the wire that the object cannot take; `reason` is the SNMP error-status. */
export class WireValueError extends NetmgrError {
  constructor(
    readonly reason: 'wrongType' | 'wrongLength' | 'wrongValue',
    message: string,
  ) {
    super({ kind: 'InvalidInput', message });
  }
}

type Tagged<K extends SnmpValue['type']> = Extract<SnmpValue, { type: K }>;

function expectType<K extends SnmpValue['type']>(value: SnmpValue, type: K): Tagged<K> {
  if (value.type !== type) throw new WireValueError('wrongType', `${type} expected, ${value.type} found`);
  return value as Tagged<K>;
}

function integerSyntax(
  type: 'Integer32' | 'Gauge32' | 'Counter32' | 'TimeTicks',
  min: number,
  max: number,
): Syntax<number> {
  return {
    type,
    encode: (value) => ({ type, value }),
    decode: (wire) => {
      const { value } = expectType(wire, type);
      if (!Number.isInteger(value) || value < min || value > max) {
        throw new WireValueError(
          'wrongValue',
          `${String(value)} is not from ${String(min)} to ${String(max)}`,
        );
      }
      return value;
    },
  };
}

export const UINT32_MAX = 0xffffffff;
const DATE_OCTETS = 8;
const DATE_OCTETS_WITH_ZONE = 11;
const PLUS = 0x2b;
export const INT32_MAX = 0x7fffffff;

export const unsigned = (min = 0, max = UINT32_MAX): Syntax<number> => integerSyntax('Gauge32', min, max);
export const integer = (min = -INT32_MAX - 1, max = INT32_MAX): Syntax<number> =>
  integerSyntax('Integer32', min, max);
export const counter32: Syntax<number> = integerSyntax('Counter32', 0, UINT32_MAX);
/** Hundredths of a second of sysUpTime. */
export const timeStamp: Syntax<number> = integerSyntax('TimeTicks', 0, UINT32_MAX);

export const counter64: Syntax<bigint> = {
  type: 'Counter64',
  encode: (value) => ({ type: 'Counter64', value }),
  decode: (wire) => expectType(wire, 'Counter64').value,
};

/** An enumeration, by its labels. */
export interface EnumSyntax<L extends string> extends Syntax<L> {
  readonly labels: Readonly<Record<L, number>>;
}

export function enumeration<const E extends Readonly<Record<string, number>>>(
  labels: E,
): EnumSyntax<keyof E & string> {
  type L = keyof E & string;
  const byNumber = new Map(Object.entries(labels).map(([label, number]) => [number, label as L]));
  return {
    type: 'Integer32',
    labels,
    encode: (label) => ({ type: 'Integer32', value: labels[label] ?? 0 }),
    decode: (wire) => {
      const label = byNumber.get(expectType(wire, 'Integer32').value);
      if (label === undefined) throw new WireValueError('wrongValue', 'not one of the enumerated values');
      return label;
    },
  };
}

/** TruthValue (RFC 2579). */
export const truthValue: Syntax<boolean> = {
  type: 'Integer32',
  encode: (value) => ({ type: 'Integer32', value: value ? 1 : 2 }),
  decode: (wire) => {
    const { value } = expectType(wire, 'Integer32');
    if (value !== 1 && value !== 2) throw new WireValueError('wrongValue', 'neither true(1) nor false(2)');
    return value === 1;
  },
};

/** Octets of a bounded number. */
export function octets(min: number, max: number): Syntax<Uint8Array> {
  return {
    type: 'OctetString',
    encode: (value) => ({ type: 'OctetString', value }),
    decode: (wire) => {
      const { value } = expectType(wire, 'OctetString');
      if (value.length < min || value.length > max) {
        throw new WireValueError(
          'wrongLength',
          `${String(value.length)} octets are not from ${String(min)} to ${String(max)}`,
        );
      }
      return value;
    },
  };
}

/** DateAndTime (RFC 2579), in UTC; all octets zero stand for no time. */
export const dateAndTime: Syntax<Date | undefined> = {
  type: 'OctetString',
  encode: (date) => {
    const value = new Uint8Array(DATE_OCTETS);
    if (date !== undefined) {
      value.set([
        date.getUTCFullYear() >> 8,
        date.getUTCFullYear() & 0xff,
        date.getUTCMonth() + 1,
        date.getUTCDate(),
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds(),
        Math.floor(date.getUTCMilliseconds() / 100),
      ]);
    }
    return { type: 'OctetString', value };
  },
  decode: (wire) => {
    const { value } = expectType(wire, 'OctetString');
    if (value.length !== DATE_OCTETS && value.length !== DATE_OCTETS_WITH_ZONE) {
      throw new WireValueError('wrongLength', 'a date has 8 or 11 octets');
    }
    const [high = 0, low = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, tenths = 0] = value;
    if (month === 0) return undefined;
    const [, , , , , , , , sign = PLUS, zoneHours = 0, zoneMinutes = 0] = value;
    const zone = (zoneHours * 60 + zoneMinutes) * (sign === PLUS ? 1 : -1);
    return new Date(
      Date.UTC((high << 8) | low, month - 1, day, hours, minutes - zone, seconds, tenths * 100),
    );
  },
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** SnmpAdminString (RFC 3411): UTF-8 of a bounded number of octets, without control characters. */
export function adminString(min: number, max: number): Syntax<string> {
  const raw = octets(min, max);
  return {
    type: 'OctetString',
    encode: (value) => ({ type: 'OctetString', value: Buffer.from(value, 'utf8') }),
    decode: (wire) => {
      const bytes = raw.decode(wire);
      let text: string;
      try {
        text = utf8.decode(bytes);
      } catch {
        throw new WireValueError('wrongValue', 'no UTF-8');
      }
      // eslint-disable-next-line no-control-regex -- control characters are what is looked for
      if (/[\u0000-\u001f\u007f]/.test(text)) throw new WireValueError('wrongValue', 'a control character');
      return text;
    },
  };
}

/** What the kernel and this project accept as the name of an interface (IFNAMSIZ is 16 with the NUL). */
export const INTERFACE_NAME = /^(?!\.{1,2}$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/;

const upTo15 = adminString(0, 15);

/** NetemuIfNameOrEmpty. */
export const interfaceNameOrEmpty: Syntax<string> = {
  ...upTo15,
  decode: (wire) => {
    const name = upTo15.decode(wire);
    if (name !== '' && !INTERFACE_NAME.test(name)) {
      throw new WireValueError('wrongValue', 'an interface name has letters, digits, ".", "_" and "-" only');
    }
    return name;
  },
};

const from1To15 = adminString(1, 15);

/** NetemuIfName. */
export const interfaceName: Syntax<string> = {
  ...from1To15,
  decode: (wire) =>
    interfaceNameOrEmpty.decode({ type: 'OctetString', value: Buffer.from(from1To15.decode(wire)) }),
};

const NO_MAC = '00:00:00:00:00:00';

/** MacAddress (RFC 2579); all zero stands for none. */
export const macAddressOrNone: Syntax<string> = {
  type: 'OctetString',
  encode: (value) => ({
    type: 'OctetString',
    value: value === '' ? new Uint8Array(6) : MacAddress.parse(value).octets,
  }),
  decode: (wire) => {
    const bytes = octets(6, 6).decode(wire);
    const text = Buffer.from(bytes)
      .toString('hex')
      .replace(/(..)(?=.)/g, '$1:');
    if (text === NO_MAC) return '';
    if (((bytes[0] ?? 0) & 1) === 1) throw new WireValueError('wrongValue', 'a group address');
    return text;
  },
};

/** PhysAddress (RFC 2579) as ip(8) writes it, such as `00:16:3e:00:00:01`; no octets are none. */
export const physAddress: Syntax<string> = {
  type: 'OctetString',
  encode: (text) => ({ type: 'OctetString', value: Buffer.from(text.replaceAll(':', ''), 'hex') }),
  decode: (wire) =>
    Buffer.from(expectType(wire, 'OctetString').value)
      .toString('hex')
      .replace(/(..)(?=.)/g, '$1:'),
};

/** VariablePointer or RowPointer; zeroDotZero is empty. */
export const pointer: Syntax<Oid> = {
  type: 'ObjectIdentifier',
  encode: (value) => ({ type: 'ObjectIdentifier', value: value.length === 0 ? [0, 0] : value }),
  decode: (wire) => {
    const { value } = expectType(wire, 'ObjectIdentifier');
    return oidText(value) === '0.0' ? [] : value;
  },
};

/** BITS (RFC 2578 section 7.1.4): the first bit is the highest of the first octet. */
export interface BitsSyntax<L extends string> extends Syntax<ReadonlySet<L>> {
  readonly labels: Readonly<Record<L, number>>;
}

export function bits<const E extends Readonly<Record<string, number>>>(
  labels: E,
): BitsSyntax<keyof E & string> {
  type L = keyof E & string;
  const entries = Object.entries(labels) as [L, number][];
  return {
    type: 'OctetString',
    labels,
    encode: (set) => {
      const value = new Uint8Array(Math.floor(Math.max(0, ...entries.map(([, bit]) => bit)) / 8) + 1);
      for (const [label, bit] of entries) {
        if (set.has(label)) value[bit >> 3] = (value[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
      }
      return { type: 'OctetString', value };
    },
    decode: (wire) => {
      const { value } = expectType(wire, 'OctetString');
      return new Set(
        entries
          .filter(([, bit]) => ((value[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0)
          .map(([label]) => label),
      );
    },
  };
}

/** One part of an INDEX clause (RFC 2578 section 7.7): a value and its sub-identifiers. */
export interface IndexSyntax<T> {
  readonly encode: (value: T) => Oid;
  /** Takes the part from the start of `oid`; undefined if it does not stand there. */
  readonly decode: (oid: Oid) => { readonly value: T; readonly rest: Oid } | undefined;
}

export function unsignedIndex(min: number, max: number): IndexSyntax<number> {
  return {
    encode: (value) => [value],
    decode: ([value, ...rest]) =>
      Number.isInteger(value) && value !== undefined && value >= min && value <= max
        ? { value, rest }
        : undefined,
  };
}

/** A length and that many octets. */
function octetsIndex(oid: Oid, min: number, max: number): { value: Uint8Array; rest: Oid } | undefined {
  const [length, ...others] = oid;
  if (length === undefined || length < min || length > max || others.length < length) return undefined;
  const value = others.slice(0, length);
  return value.some((octet) => octet > 255)
    ? undefined
    : { value: Uint8Array.from(value), rest: others.slice(length) };
}

export const interfaceNameIndex: IndexSyntax<string> = {
  encode: (name) => {
    const oid = [name.length];
    for (let i = 0; i < name.length; i++) oid.push(name.charCodeAt(i) & 0xff);
    return oid;
  },
  decode: (oid) => {
    const part = octetsIndex(oid, 1, 15);
    if (part === undefined) return undefined;
    const value = Buffer.from(part.value).toString('latin1');
    return INTERFACE_NAME.test(value) ? { value, rest: part.rest } : undefined;
  },
};

const MAC_OCTETS = 6;

/** MacAddress as a part of an index: as many sub-identifiers as octets, for its length is fixed. */
export const macAddressIndex: IndexSyntax<string> = {
  encode: (mac) => [...MacAddress.parse(mac).octets],
  decode: (oid) => {
    const octets = oid.slice(0, MAC_OCTETS);
    if (octets.length < MAC_OCTETS || octets.some((octet) => octet > 255)) return undefined;
    const value = octets.map((octet) => octet.toString(16).padStart(2, '0')).join(':');
    const isGroup = ((octets[0] ?? 0) & 1) === 1;
    return isGroup || value === NO_MAC ? undefined : { value, rest: oid.slice(MAC_OCTETS) };
  },
};

/** InetAddressType of RFC 4001, as far as this module uses it. */
const INET_TYPE = { unknown: 0, ipv4: 1, ipv6: 2 } as const;

/** InetAddressType (RFC 4001). */
export const inetAddressType = enumeration({ ...INET_TYPE, ipv4z: 3, ipv6z: 4, dns: 16 });

/** InetAddress (RFC 4001); the empty text is none. */
export const inetAddressOrNone: Syntax<string> = {
  type: 'OctetString',
  encode: (text) => ({
    type: 'OctetString',
    value: text === '' ? new Uint8Array() : IpAddress.parse(text).octets,
  }),
  decode: (wire) => {
    const value = octets(0, 16).decode(wire);
    if (value.length === 0) return '';
    if (value.length !== 4 && value.length !== 16) {
      throw new WireValueError('wrongLength', 'an address has 4 or 16 octets');
    }
    return IpAddress.ofOctets(value).toString();
  },
};

/** InetAddress (RFC 4001) of IPv4 or IPv6. */
export const inetAddress: Syntax<string> = {
  ...inetAddressOrNone,
  decode: (wire) => {
    const text = inetAddressOrNone.decode(wire);
    if (text === '') throw new WireValueError('wrongLength', 'an address has 4 or 16 octets');
    return text;
  },
};

/** InetAddressType and InetAddress (RFC 4001), the two index parts of an address. */
export const inetAddressIndex: IndexSyntax<string> = {
  encode: (text) => {
    const octets = octetsOfText(text) ?? IpAddress.parse(text).octets;
    const oid = [octets.length === 4 ? INET_TYPE.ipv4 : INET_TYPE.ipv6, octets.length];
    for (const octet of octets) oid.push(octet);
    return oid;
  },
  decode: ([type, ...oid]) => {
    const size = type === INET_TYPE.ipv4 ? 4 : type === INET_TYPE.ipv6 ? 16 : undefined;
    const part = size === undefined ? undefined : octetsIndex(oid, size, size);
    return part === undefined
      ? undefined
      : { value: IpAddress.ofOctets(part.value).toString(), rest: part.rest };
  },
};

/** As {@link inetAddressIndex}; the empty text is unknown(0) with no octets. */
export const inetAddressOrNoneIndex: IndexSyntax<string> = {
  encode: (text) => (text === '' ? [INET_TYPE.unknown, 0] : inetAddressIndex.encode(text)),
  decode: (oid) =>
    oid[0] === INET_TYPE.unknown && oid[1] === 0
      ? { value: '', rest: oid.slice(2) }
      : inetAddressIndex.decode(oid),
};
