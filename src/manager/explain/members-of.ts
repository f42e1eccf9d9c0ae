import type { Configuration } from '../../mib/configuration.js';
import { memberTable } from '../../mib/member-table.js';
import { IpAddress, IpNetwork } from '../../units/ip-network.js';
import type { IsMember } from './deciding-rule.js';

/** The sets that agents make: of all members, of those of a site, and of its proxies, each of one IP version. */
const SET = /^netmgr-(all|site|proxies)(?:-(\d+))?-v([46])$/;

/** Who is in the sets of a host that runs a configuration. */
export function membersOf(configuration: Configuration): IsMember {
  const members = configuration.rows(memberTable).map(({ site, address, prefixLength, role }) => ({
    ...{ site, role },
    network: IpNetwork.containing(IpAddress.parse(address), prefixLength),
  }));
  return (set, address) => {
    const [, kind, site, version] = SET.exec(set) ?? [];
    if (kind === undefined) return undefined;
    return (
      Number(version) === address.version &&
      members.some(
        (member) =>
          member.network.contains(address) &&
          (kind === 'all' || String(member.site) === site) &&
          (kind !== 'proxies' || member.role === 'proxy'),
      )
    );
  };
}
