import type { IpVersion } from '../units/ip-network.js';

// netemuRuleStateChain, and the sets that netemuRuleStateText names: agents make them, and who reads the rules knows them.

export const FORWARD_CHAIN = 'NETMGR-FORWARD';
export const INPUT_CHAIN = 'NETMGR-INPUT';
/** Judges replies; a rule of ours leads there. */
export const REPLIES_CHAIN = 'NETMGR-REPLIES';
/** Of the nft table: decides at each vif about what the bridge sends there. */
export const DELIVER_CHAIN = 'deliver';
/** What the chains of the nft table begin with that judge by its sender what is for many. */
export const SENDERS_PREFIX = 'from-';

const setName = (kind: string, version: IpVersion): string => `netmgr-${kind}-v${String(version)}`;

/** The set of all members of all sites. */
export const allSet = (version: IpVersion): string => setName('all', version);
/** The set of the members of a site. */
export const siteSet = (site: number, version: IpVersion): string => setName(`site-${String(site)}`, version);
/** The set of the proxies of a site. */
export const proxySet = (site: number, version: IpVersion): string =>
  setName(`proxies-${String(site)}`, version);

const SET = /^netmgr-(?:all|(site|proxies)-(\d+))-v([46])$/;

/** Whom a set holds. */
export interface SetMeaning {
  readonly version: IpVersion;
  /** Undefined: of all. */
  readonly site: number | undefined;
  readonly proxiesOnly: boolean;
}

/** What the name of a set means; undefined of one that is none of these. */
export function readSetName(name: string): SetMeaning | undefined {
  const [, kind, site, version] = SET.exec(name) ?? [];
  if (version === undefined) return undefined;
  return {
    version: version === '4' ? 4 : 6,
    site: site === undefined ? undefined : Number(site),
    proxiesOnly: kind === 'proxies',
  };
}
