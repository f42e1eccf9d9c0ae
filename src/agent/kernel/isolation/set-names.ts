import type { IpVersion } from '../../../units/ip-network.js';

const nameOf = (kind: string, version: IpVersion): string => `netmgr-${kind}-v${String(version)}`;

/** The set of all members of all sites. */
export const allSet = (version: IpVersion): string => nameOf('all', version);
/** The set of the members of a site. */
export const siteSet = (site: number, version: IpVersion): string => nameOf(`site-${String(site)}`, version);
/** The set of the proxies of a site. */
export const proxySet = (site: number, version: IpVersion): string =>
  nameOf(`proxies-${String(site)}`, version);

/** The part of a rule that wants an address of a set. */
export const inSet = (set: string, end: 'src' | 'dst'): string => `-m set --match-set ${set} ${end}`;
/** The part of a rule that wants an address that is in no set. */
export const notInSet = (set: string, end: 'src' | 'dst'): string => `-m set ! --match-set ${set} ${end}`;
