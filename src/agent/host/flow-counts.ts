import { groupBy } from '../../group-by.js';
import { FORWARD_CHAIN, INPUT_CHAIN, REPLIES_CHAIN } from '../../mib/rule-names.js';
import { IP_VERSIONS } from '../../units/ip-network.js';
import { flowRules } from '../kernel/isolation/flow-rules.js';
import type { Flow } from '../kernel/isolation/model.js';
import type { HostRule, RuleCount } from '../kernel/rule-count.js';

const OURS: ReadonlySet<string> = new Set([FORWARD_CHAIN, INPUT_CHAIN, REPLIES_CHAIN]);

/** What a flow has decided about, in its own direction. */
export interface FlowCount extends Pick<RuleCount, 'packets' | 'octets'> {
  readonly flow: Flow;
}

/** What the kernel's rules of each flow have matched, of both IP versions together. */
export function flowCounts(flows: readonly Flow[], rules: readonly HostRule[]): FlowCount[] {
  const held = groupBy(
    rules.filter(({ count }) => count.chain === FORWARD_CHAIN),
    ({ family, count: { rule } }) => `${family} ${rule}`,
  );
  return flows.map((flow) => {
    const own = IP_VERSIONS.flatMap((version) =>
      // Flows that say the same have the same rule, each its own, in their order.
      flowRules([flow], version).map((rule) => held.get(`ipv${String(version)} ${rule}`)?.shift()?.count),
    );
    const sum = (key: 'packets' | 'octets'): bigint =>
      own.reduce((total, count) => total + (count?.[key] ?? 0n), 0n);
    return { flow, packets: sum('packets'), octets: sum('octets') };
  });
}

/** The packets that our rules of iptables dropped. */
export function policyDrops(rules: readonly HostRule[]): bigint {
  return rules
    .filter(({ count: { chain, rule } }) => OURS.has(chain) && rule.endsWith('-j DROP'))
    .reduce((sum, { count }) => sum + count.packets, 0n);
}
