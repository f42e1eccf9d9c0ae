import type { Oid, SnmpValue } from './value.js';

/** The contents octets of a value's BER encoding (ITU-T X.690 sections 8.3 and 8.19), without tag and length. */
export function berContents(value: SnmpValue): Buffer {
  switch (value.type) {
    case 'Integer32':
    case 'Counter32':
    case 'Gauge32':
    case 'TimeTicks':
      return smallIntegerContents(value.value);
    case 'Counter64':
      return integerContents(value.value);
    case 'OctetString':
    case 'IpAddress':
    case 'Opaque':
      return Buffer.from(value.value);
    case 'ObjectIdentifier':
      return oidContents(value.value);
    case 'Null':
      return Buffer.alloc(0);
  }
}

/** The same in lower-case hexadecimal, two digits for each octet. */
export function contentsInHex(value: SnmpValue): string {
  // Most are small integers, and there are many: of those below 2^53 the digits are the octets.
  if (!('value' in value) || typeof value.value !== 'number' || value.value < 0)
    return berContents(value).toString('hex');
  const digits = value.value.toString(16);
  const octets = digits.length % 2 === 0 ? digits : `0${digits}`;
  return octets < '8' ? octets : `00${octets}`;
}

/** As {@link integerContents}; most integers have 32 bits. */
function smallIntegerContents(value: number): Buffer {
  const octets: number[] = [];
  let rest = value;
  do {
    octets.unshift(((rest % 256) + 256) % 256);
    rest = Math.floor(rest / 256);
  } while (rest !== (((octets[0] ?? 0) & 0x80) === 0 ? 0 : -1));
  return Buffer.from(octets);
}

/** Two's complement in as few octets as hold it. */
function integerContents(value: bigint): Buffer {
  const octets: number[] = [];
  let rest = value;
  do {
    octets.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (rest !== (((octets[0] ?? 0) & 0x80) === 0 ? 0n : -1n));
  return Buffer.from(octets);
}

function oidContents(oid: Oid): Buffer {
  const [first = 0, second = 0, ...others] = oid;
  return Buffer.from([first * 40 + second, ...others].flatMap(base128));
}

function base128(subid: number): number[] {
  const octets = [subid % 128];
  for (let rest = Math.floor(subid / 128); rest > 0; rest = Math.floor(rest / 128)) {
    octets.unshift((rest % 128) | 0x80);
  }
  return octets;
}
