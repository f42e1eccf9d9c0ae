import type { Configuration } from '../../mib/configuration.js';
import { memberTable } from '../../mib/member-table.js';
import { proxySet, readSetName, siteSet } from '../../mib/rule-names.js';
import { siteTable } from '../../mib/site-table.js';
import { IP_VERSIONS, IpAddress, IpNetwork } from '../../units/ip-network.js';
import type { IsMember } from './read-rule.js';

/** The sites whose sets the rules of a host that runs a configuration name, by the names of these sets. */
export function siteSetsOf(configuration: Configuration): ReadonlyMap<string, string> {
  return new Map(
    configuration.rows(siteTable).flatMap(({ site, name }) =>
      IP_VERSIONS.flatMap((version): (readonly [string, string])[] => [
        [siteSet(site, version), name],
        [proxySet(site, version), `the proxies of ${name}`],
      ]),
    ),
  );
}

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
