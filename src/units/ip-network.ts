import { NetmgrError } from '../errors.js';
import { octetsOfAddress, octetsOfText, textOfOctets } from './ip-octets.js';

export type IpVersion = 4 | 6;
export const IP_VERSIONS: readonly IpVersion[] = [4, 6];

/** One IPv4 or IPv6 address. */
export class IpAddress {
  readonly version: IpVersion;
  /** RFC 5952 for IPv6, as ip(8) and ipset print it. The octets follow from it: there are many addresses. */
  private readonly text: string;

  private constructor(octets: Uint8Array) {
    this.version = octets.length === 4 ? 4 : 6;
    this.text = textOfOctets(octets);
  }

  /** Reads `10.1.0.101` or `2001:db8::1`. @throws NetmgrError `InvalidInput`. */
  static parse(text: string): IpAddress {
    const address = IpAddress.tryParse(text);
    if (address === undefined) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `"${text}" is no IP address`,
        hint: 'Write four decimal numbers (10.1.0.101) or an IPv6 address (fd00:1::101), without a zone.',
      });
    }
    return address;
  }

  /** The address that a text is; undefined if it is none. */
  static tryParse(text: string): IpAddress | undefined {
    const octets = octetsOfText(text);
    return octets && new IpAddress(octets);
  }

  /** @throws NetmgrError `InvalidInput` unless there are 4 or 16 octets. */
  static ofOctets(octets: Uint8Array): IpAddress {
    if (octets.length !== 4 && octets.length !== 16) {
      throw new NetmgrError({ kind: 'InvalidInput', message: 'an IP address has 4 or 16 octets' });
    }
    return new IpAddress(octets);
  }

  get octets(): Uint8Array {
    return octetsOfAddress(this.text);
  }

  /** The number of bits: 32 or 128. */
  get bits(): number {
    return this.version === 4 ? 32 : 128;
  }

  equals(other: IpAddress): boolean {
    return this.text === other.text;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** An IP prefix: an address whose bits beyond the prefix length are zero. */
export class IpNetwork {
  /** Of the address: a network is asked for many addresses. */
  #octets: Uint8Array | undefined;

  private constructor(
    readonly address: IpAddress,
    readonly prefixLength: number,
  ) {}

  /** Reads `10.1.0.0/16`. @throws NetmgrError `InvalidInput`, also where bits stand beyond the prefix. */
  static parse(text: string): IpNetwork {
    const match = /^([^/]+)\/([0-9]{1,3})$/.exec(text);
    if (match?.[1] === undefined || match[2] === undefined) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `"${text}" is no network`,
        hint: 'Write an address and a prefix length, for instance 10.1.0.0/16 or fd00:1::/64.',
      });
    }
    return IpNetwork.of(IpAddress.parse(match[1]), Number(match[2]));
  }

  /** @throws NetmgrError `InvalidInput` if bits stand beyond the prefix or the length is out of range. */
  static of(address: IpAddress, prefixLength: number): IpNetwork {
    if (!Number.isInteger(prefixLength) || prefixLength < 0 || prefixLength > address.bits) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `the prefix length of ${address.toString()}/${String(prefixLength)} is not from 0 to ${String(address.bits)}`,
      });
    }
    // Nothing is beyond a whole address, and most networks are one.
    const first = prefixLength === address.bits ? address : networkAddress(address, prefixLength);
    if (!first.equals(address)) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `${address.toString()}/${String(prefixLength)} has bits set beyond its prefix`,
        hint: `Write ${first.toString()}/${String(prefixLength)}.`,
      });
    }
    return new IpNetwork(address, prefixLength);
  }

  /** The network of that length that an address lies in. @throws NetmgrError `InvalidInput` as {@link of}. */
  static containing(address: IpAddress, prefixLength: number): IpNetwork {
    return IpNetwork.of(networkAddress(address, prefixLength), prefixLength);
  }

  /** The network of one address alone. */
  static ofHost(address: IpAddress): IpNetwork {
    return new IpNetwork(address, address.bits);
  }

  get version(): IpVersion {
    return this.address.version;
  }

  contains(address: IpAddress): boolean {
    if (address.version !== this.version) return false;
    const own = (this.#octets ??= this.address.octets);
    const other = address.octets;
    for (let i = 0; i < Math.ceil(this.prefixLength / 8); i++) {
      if (own[i] !== ((other[i] ?? 0) & octetMask(this.prefixLength, i))) return false;
    }
    return true;
  }

  /** Whether the two share an address. */
  overlaps(other: IpNetwork): boolean {
    const [wide, narrow] = this.prefixLength <= other.prefixLength ? [this, other] : [other, this];
    return wide.contains(narrow.address);
  }

  toString(): string {
    return `${this.address.toString()}/${String(this.prefixLength)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

function networkAddress(address: IpAddress, prefixLength: number): IpAddress {
  return IpAddress.ofOctets(address.octets.map((octet, i) => octet & octetMask(prefixLength, i)));
}

/** The bits of an octet that belong to a prefix. */
function octetMask(prefixLength: number, octet: number): number {
  const kept = Math.min(8, Math.max(0, prefixLength - octet * 8));
  return (0xff << (8 - kept)) & 0xff;
}
