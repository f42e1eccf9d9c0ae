import type { Configuration } from '../../mib/configuration.js';
import { memberTable } from '../../mib/member-table.js';
import { siteLinkTable } from '../../mib/site-link-table.js';
import { siteTable } from '../../mib/site-table.js';
import { IpAddress, IpNetwork } from '../../units/ip-network.js';
import { MacAddress } from '../../units/mac-address.js';
import type { IsolationInput } from '../kernel/isolation/model.js';

/** The sites of a configuration with their policies, and what joins them. */
export function isolationSites(configuration: Configuration): Pick<IsolationInput, 'sites' | 'siteLinks'> {
  return {
    sites: configuration.rows(siteTable).map(({ site, policy }) => ({ id: site, policy })),
    siteLinks: configuration.rows(siteLinkTable).map(({ site, peer }) => [site, peer] as const),
  };
}

/** The members of its sites. @throws NetmgrError `InvalidInput` for one that is no network */
export function isolationMembers(configuration: Configuration): IsolationInput['members'] {
  return configuration.rows(memberTable).map(({ site, address, prefixLength, role, macAddress }) => ({
    site,
    network: IpNetwork.of(IpAddress.parse(address), prefixLength),
    role,
    ...(macAddress === '' ? {} : { mac: MacAddress.parse(macAddress) }),
  }));
}
