import { NetmgrError } from '../../../errors.js';
import { IpNetwork, type IpVersion } from '../../../units/ip-network.js';

/** The names of our sets. ipset takes 31 characters. */
export const SET_NAME = /^netmgr-[a-z0-9][a-z0-9-]{0,23}$/;

/** A set of the type hash:net. */
export interface IpSet {
  readonly family: IpVersion;
  /** Prefixes with their length, such as 10.1.0.1/32, without repetition. */
  readonly members: ReadonlySet<string>;
}

/** Our sets by name. */
export type IpSetState = ReadonlyMap<string, IpSet>;

/** The name, if it can be that of a set of ours. @throws NetmgrError `InvalidInput`. */
export function expectSetName(name: string): string {
  if (SET_NAME.test(name)) return name;
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: `${JSON.stringify(name)} is no name of a set of netmgr`,
  });
}

/**
 * The member as ipset takes it.
 *
 * @throws NetmgrError `InvalidInput`: hash:net has no prefix of length 0 (ipset(8)).
 */
export function expectMember(text: string, family: IpVersion): string {
  const network = IpNetwork.parse(text);
  if (network.version !== family || network.prefixLength === 0) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${text} cannot be a member of a set of IPv${String(family)} networks`,
    });
  }
  return network.toString();
}
