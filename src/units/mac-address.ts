import { NetmgrError } from '../errors.js';
import { IpAddress } from './ip-network.js';

/** A 48-bit MAC address. */
export class MacAddress {
  private constructor(private readonly text: string) {}

  /** Reads `00:16:3e:00:01:08`. @throws NetmgrError `InvalidInput`, also for a group address. */
  static parse(text: string): MacAddress {
    if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `"${text}" is no MAC address`,
        hint: 'Write six octets in hexadecimal, for instance 00:16:3e:00:01:08.',
      });
    }
    if (isGroup(Number.parseInt(text.slice(0, 2), 16))) throw noStation();
    return new MacAddress(text.toLowerCase());
  }

  /** @throws NetmgrError `InvalidInput` unless there are six octets of an address of one station. */
  static ofOctets(octets: Uint8Array): MacAddress {
    const [first] = octets;
    if (octets.length !== 6 || first === undefined || isGroup(first)) throw noStation();
    return new MacAddress(Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(':'));
  }

  get octets(): Uint8Array {
    const octets = new Uint8Array(6);
    for (let i = 0; i < octets.length; i++)
      octets[i] = Number.parseInt(this.text.slice(3 * i, 3 * i + 2), 16);
    return octets;
  }

  /** The IPv6 link-local address an interface gives itself from this MAC (modified EUI-64, RFC 4291 A). */
  linkLocalAddress(): IpAddress {
    const mac = this.octets;
    const address = new Uint8Array(16);
    address.set([0xfe, 0x80]);
    address.set(mac.subarray(0, 3), 8);
    address.set([0xff, 0xfe], 11);
    address.set(mac.subarray(3), 13);
    address[8] = (mac[0] ?? 0) ^ 0x02;
    return IpAddress.ofOctets(address);
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

const isGroup = (first: number): boolean => (first & 1) === 1;

const noStation = (): NetmgrError =>
  new NetmgrError({
    kind: 'InvalidInput',
    message: 'a MAC address of a machine has six octets and is no group address (its first octet is even)',
  });
