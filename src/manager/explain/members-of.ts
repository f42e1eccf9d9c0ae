import type { Configuration } from '../../mib/configuration.js';
import { memberTable } from '../../mib/member-table.js';
import { readSetName } from '../../mib/rule-names.js';
import { IpAddress, IpNetwork } from '../../units/ip-network.js';
import type { IsMember } from './deciding-rule.js';

/** Who is in the sets of a host that runs a configuration. */
export function membersOf(configuration: Configuration): IsMember {
  const members = configuration.rows(memberTable).map(({ site, address, prefixLength, role }) => ({
    ...{ site, role },
    network: IpNetwork.containing(IpAddress.parse(address), prefixLength),
  }));
  return (name, address) => {
    const set = readSetName(name);
    if (set === undefined) return undefined;
    return (
      set.version === address.version &&
      members.some(
        ({ network, site, role }) =>
          network.contains(address) && (set.site ?? site) === site && (!set.proxiesOnly || role === 'proxy'),
      )
    );
  };
}
