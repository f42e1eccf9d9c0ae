import { NetmgrError } from '../errors.js';
import { IpAddress } from './ip-network.js';

const LAST_PORT = 65_535;
/** The first octet of multicast and reserved addresses (RFC 5771, RFC 1112), and of IPv6 multicast (RFC 4291). */
const FIRST_GROUP_V4 = 224;
const GROUP_V6 = 0xff;

/** Where a UDP socket is, as net-snmp writes it: `udp:10.0.0.5:162` or `udp6:[fd00::5]:162`. */
export class UdpAddress {
  private constructor(
    readonly ip: IpAddress,
    readonly port: number,
  ) {}

  /**
   * @param example a right one of what is asked for, for the remedy
   * @throws NetmgrError `InvalidInput`; names are none, since they could lead elsewhere tomorrow
   */
  static parse(text: string, example = 'udp:127.0.0.1:161'): UdpAddress {
    const [, v4, v6, digits] = /^(?:udp:([0-9.]+)|udp6:\[([0-9a-fA-F:.]+)\]):([0-9]{1,5})$/.exec(text) ?? [];
    const host = v4 ?? v6;
    const port = Number(digits);
    if (host === undefined || port < 1 || port > LAST_PORT) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `"${text}" is no address of SNMP over UDP`,
        hint: `Write it as ${example} or udp6:[fd00::1]:${example.replace(/^.*:/, '')}.`,
      });
    }
    return new UdpAddress(IpAddress.parse(host), port);
  }

  /** The same of one receiver of notifications: no group, and not every address of a machine. */
  static parseReceiver(text: string): UdpAddress {
    const example = 'udp:10.0.0.5:162';
    const address = UdpAddress.parse(text, example);
    const { version, octets } = address.ip;
    const [first = 0] = octets;
    const isNone = octets.every((octet) => octet === 0);
    const isGroup = version === 4 ? first >= FIRST_GROUP_V4 : first === GROUP_V6;
    if (!isNone && !isGroup) return address;
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `"${text}" is not the address of one receiver of notifications`,
      hint: `Write it as ${example} or udp6:[fd00::5]:162.`,
    });
  }

  toString(): string {
    const { ip, port } = this;
    return ip.version === 4
      ? `udp:${ip.toString()}:${String(port)}`
      : `udp6:[${ip.toString()}]:${String(port)}`;
  }
}
