import type { Flow, FlowEnd } from '../isolation/model.js';
import type { BridgeVif, NftSet } from './model.js';
import { quoted, setOf } from './syntax.js';

/** The set of the vifs of a site on this host. */
export const siteSet = (site: number): string => `site-${String(site)}`;
/** The set of its proxies' vifs. */
export const proxySet = (site: number): string => `proxies-${String(site)}`;
/** The set of the vifs of those proxies that forward. */
export const gatewaySet = (site: number): string => `gateways-${String(site)}`;
/** The set of the vifs of all that forward. */
export const forwarderSet = (site: number): string => `forwarders-${String(site)}`;
/** The set of the vifs at an end of a flow. */
export const flowSet = ({ index }: Flow, end: 'from' | 'to'): string => `flow-${String(index)}-${end}`;
/** The set of the vifs that talk with the outside world. */
export const OUTSIDE = 'outside';

const ENDS = ['from', 'to'] as const;

/** Sets of vifs by what they receive, as far as this host has any. */
export function receiverSets(vifs: readonly BridgeVif[], flows: readonly Flow[]): Map<string, NftSet> {
  const sets = new Map<string, string[]>();
  const add = (name: string, { vif }: BridgeVif): void => {
    const known = sets.get(name);
    if (known === undefined) sets.set(name, [quoted(vif)]);
    else known.push(quoted(vif));
  };
  for (const vif of vifs) {
    if (vif.site === undefined) continue;
    add(siteSet(vif.site), vif);
    if (vif.role === 'proxy') add(proxySet(vif.site), vif);
    if (vif.forwarding !== 'nothing') {
      add(forwarderSet(vif.site), vif);
      if (vif.role === 'proxy') add(gatewaySet(vif.site), vif);
    }
    let isOutside = false;
    for (const flow of flows) {
      if (flow.action !== 'permit') continue;
      for (const end of ENDS) {
        if (!isAtEnd(vif, flow[end])) continue;
        add(flowSet(flow, end), vif);
        isOutside ||= flow[end === 'from' ? 'to' : 'from'].site === undefined;
      }
    }
    if (isOutside) add(OUTSIDE, vif);
  }
  return new Map([...sets].map(([name, elements]) => [name, setOf('ifname', elements)]));
}

function isAtEnd({ site, addresses }: BridgeVif, end: FlowEnd): boolean {
  const { network } = end;
  return (
    site === end.site && (network === undefined || addresses.some((address) => network.contains(address)))
  );
}
