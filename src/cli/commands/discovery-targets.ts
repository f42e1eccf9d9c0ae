import { lookup } from 'node:dns/promises';
import { messageOf, NetmgrError } from '../../errors.js';
import type { DiscoveryCredentials, DiscoveryTarget } from '../../manager/discover/discover.js';
import type { RealEnvironment } from '../../manager/model/real-environment.js';
import { IpAddress } from '../../units/ip-network.js';

const DEFAULT_PORT = 161;
const LAST_PORT = 65_535;
/** The kind "name" of the files. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const REMEDY =
  'Write [NAME=]ADDRESS[:PORT], such as host1=172.16.0.1, 172.16.0.1:1161 or [fd00::1]:161, or a real file that ends in .xml.';

/** What the command line says of credentials. */
export interface CredentialFlags {
  readonly credentials?: string;
  readonly user: string;
  readonly auth: 'SHA-256';
  readonly priv: 'AES-128';
  readonly from: string;
}

/** A host as somebody has written it. */
export interface WrittenHost {
  readonly name?: string;
  /** An IP address, or a name of the DNS. */
  readonly place: string;
  readonly port: number;
}

/** Reads `[name=]address[:port]`. @throws NetmgrError `InvalidInput` */
export function parseHost(text: string): WrittenHost {
  const [, name, where = ''] = /^(?:([^=]*)=)?(.*)$/.exec(text) ?? [];
  const inBrackets = /^\[([0-9A-Fa-f:.]+)\](?::([0-9]{1,5}))?$/.exec(where);
  const isIpv6 = inBrackets === null && IpAddress.tryParse(where)?.version === 6;
  const plain = isIpv6 ? [where, where] : /^([A-Za-z0-9._-]+)(?::([0-9]{1,5}))?$/.exec(where);
  const [, place, digits] = inBrackets ?? plain ?? [];
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  const isRight =
    place !== undefined && port >= 1 && port <= LAST_PORT && (name === undefined || NAME.test(name));
  if (!isRight) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${JSON.stringify(text)} is no host to ask`,
      hint: REMEDY,
    });
  }
  return { ...(name === undefined ? {} : { name }), place, port };
}

/** The hosts of a real file. */
export function targetsOf({ hosts, credentials }: RealEnvironment): DiscoveryTarget[] {
  return hosts.flatMap(({ name, address, agent }) => {
    const found = credentials.find((each) => each.name === agent.credentials);
    return found === undefined ? [] : [{ name, address, port: agent.port, credentials: found }];
  });
}

/** Which credentials hosts have that no file names: those of the file that are named, or its only ones, or the command line's. */
export function chooseCredentials(
  flags: CredentialFlags,
  known: readonly DiscoveryCredentials[] = [],
): DiscoveryCredentials {
  const { credentials: name, user, auth, priv, from } = flags;
  const named =
    name === undefined && known.length === 1 ? known[0] : known.find((each) => each.name === name);
  return named ?? { name: name ?? 'lab', user, auth, priv, from };
}

/** Finds the address of a host that is named otherwise. @throws NetmgrError `InvalidInput` */
export async function targetOf(
  { name, place, port }: WrittenHost,
  credentials: DiscoveryCredentials,
): Promise<DiscoveryTarget> {
  const address = IpAddress.tryParse(place);
  if (address !== undefined) return { ...(name === undefined ? {} : { name }), address, port, credentials };
  try {
    const found = await lookup(place);
    const short = place.split('.')[0] ?? place;
    const own = name ?? (NAME.test(short) ? short : undefined);
    return {
      ...(own === undefined ? {} : { name: own }),
      address: IpAddress.parse(found.address),
      port,
      credentials,
    };
  } catch (error) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `no address of ${place} is known: ${messageOf(error)}`,
      hint: REMEDY,
    });
  }
}
