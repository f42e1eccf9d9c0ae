import type { IpNetwork } from '../../../units/ip-network.js';

export type SitePolicy = 'isolated' | 'proxy' | 'routed' | 'open';

/** Who may reach whom. */
export interface IsolationInput {
  readonly sites: readonly { readonly id: number; readonly policy: SitePolicy }[];
  /** All members of all sites, of this host and of others. */
  readonly members: readonly SiteMember[];
  /** Pairs of sites that a link joins. */
  readonly siteLinks: readonly (readonly [number, number])[];
}

export interface SiteMember {
  readonly site: number;
  readonly network: IpNetwork;
  readonly role: 'node' | 'proxy';
}
