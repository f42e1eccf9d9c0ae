import { readRuleCounts } from '../kernel/iptables/read.js';
import { readNftCounts } from '../kernel/nft/read.js';
import type { RuleCount } from '../kernel/rule-count.js';
import type { HostParts } from './host-parts.js';

/** What the rules of a host that keep the sites apart have matched, in the order of their chains. */
export interface HostRules {
  readonly ipv4: readonly RuleCount[];
  readonly ipv6: readonly RuleCount[];
  readonly bridge: readonly RuleCount[];
}

/** Reads them with one process each. @throws NetmgrError `CommandFailed` */
export async function readRules({
  run,
  probe: { capabilities, iptables, ip6tables },
}: Pick<HostParts, 'run' | 'probe'>): Promise<HostRules> {
  return {
    ipv4: iptables === undefined ? [] : await readRuleCounts(run, 4, iptables),
    ipv6: ip6tables === undefined ? [] : await readRuleCounts(run, 6, ip6tables),
    bridge: capabilities.has('nftBridge') ? await readNftCounts(run) : [],
  };
}
