import { IpAddress, IpNetwork, type IpVersion } from '../../../units/ip-network.js';
import { SET_NAME, type IpSet, type IpSetState } from './model.js';

/** Reads `ipset save`. Sets of others, and sets of another type, are left out. */
export function parseIpsets(output: string): IpSetState {
  const sets = new Map<string, IpSet & { members: Set<string> }>();
  for (const line of output.split('\n')) {
    const [verb, name, ...rest] = line.split(' ');
    if (name === undefined || !SET_NAME.test(name)) continue;
    if (verb === 'create' && rest[0] === 'hash:net') {
      const family: IpVersion = rest[rest.indexOf('family') + 1] === 'inet6' ? 6 : 4;
      sets.set(name, { family, members: new Set() });
    }
    if (verb === 'add' && rest[0] !== undefined) sets.get(name)?.members.add(memberOf(rest[0]));
  }
  return sets;
}

/** ipset prints a single address without its prefix length. */
function memberOf(text: string): string {
  return text.includes('/')
    ? IpNetwork.parse(text).toString()
    : IpNetwork.ofHost(IpAddress.parse(text)).toString();
}
