import { legacyTables } from '../kernel/iptables/legacy-tables.js';
import { readRuleCounts } from '../kernel/iptables/read.js';
import { otherHook, readOtherHooks } from '../kernel/nft/other-hooks.js';
import { readNftCounts } from '../kernel/nft/read.js';
import type { HostRule } from '../kernel/rule-count.js';
import type { HostParts } from './host-parts.js';

/**
 * Reads what these rules have matched, in the order of their chains, with one process each. Of what others have in nftables the
 * hooks alone are read.
 *
 * @throws NetmgrError `CommandFailed`
 */
export async function readRules({
  run,
  probe: { capabilities, iptables, ip6tables },
}: Pick<HostParts, 'run' | 'probe'>): Promise<HostRule[]> {
  const ipv4 = iptables === undefined ? [] : await readRuleCounts(run, 4, iptables);
  const ipv6 = ip6tables === undefined ? [] : await readRuleCounts(run, 6, ip6tables);
  const hasNft = capabilities.has('nftBridge');
  const bridge = hasNft ? await readNftCounts(run) : [];
  const legacy = iptables === 'legacy' ? { ipv4: [], ipv6: [] } : await legacyTables();
  return [
    ...ipv4.map((count) => ({ family: 'ipv4', count }) as const),
    ...ipv6.map((count) => ({ family: 'ipv6', count }) as const),
    ...bridge.map((count) => ({ family: 'bridge', count }) as const),
    ...(hasNft ? await readOtherHooks(run, iptables) : []),
    ...(['ipv4', 'ipv6'] as const).flatMap((family) =>
      legacy[family].map((table) => otherHook(family, table, 'all', 'type legacy, of iptables-legacy')),
    ),
  ];
}
