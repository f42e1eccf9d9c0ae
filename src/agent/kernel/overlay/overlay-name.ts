import type { Link } from '../ip/links.js';

const NAME = /^nmv-([1-9]\d{0,9})$/;
const ALIAS_PREFIX = 'netmgr:';

/** The name of the VXLAN device of a site: by the site's number, 14 characters at most. */
export const overlayName = (site: number): string => `nmv-${String(site)}`;

/**
 * The MAC address of the VXLAN device of a site. No frame bears it; but a bridge takes the lowest address of its ports for its
 * own, and shall keep the one it has.
 */
export function overlayMac(site: number): string {
  const octets = site.toString(16).padStart(8, '0').match(/../g) ?? [];
  return ['fe', 'ff', ...octets].join(':');
}

/** What marks the VXLAN device of a site as ours. */
export const overlayAlias = (site: number): string => ALIAS_PREFIX + String(site);

/** The site of a VXLAN device of ours, with its mark or on the way to it; undefined for any other interface. */
export function siteOfOverlay({ name, kind, alias }: Link): number | undefined {
  const number = NAME.exec(name)?.[1];
  const isOurs = kind === 'vxlan' && (alias === undefined || alias.startsWith(ALIAS_PREFIX));
  return isOurs && number !== undefined ? Number(number) : undefined;
}
