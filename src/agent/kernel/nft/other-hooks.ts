import type { Run } from '../../../process/run.js';
import type { RuleCount } from '../rule-count.js';

/** A chain of somebody else that the kernel calls for frames, or for packets in them, that a bridge forwards. */
export interface OtherHook {
  readonly family: 'ipv4' | 'ipv6' | 'bridge' | 'inet' | 'netdev';
  readonly count: RuleCount;
}

const FAMILIES: Readonly<Record<string, OtherHook['family']>> = {
  ip: 'ipv4',
  ip6: 'ipv6',
  bridge: 'bridge',
  inet: 'inet',
  netdev: 'netdev',
};
const FORWARDING = /\bhook (prerouting|forward|postrouting|ingress|egress)\b/;
/** What iptables over nf_tables has in the families ip and ip6, and iptables-save prints. */
const OF_IPTABLES: ReadonlySet<string> = new Set(['raw', 'mangle', 'nat', 'filter', 'security']);
/** nft's JSON cannot name hooks of netdev (1.0.6). */
const TABLE = /^table (\S+) (\S+) \{\n([\s\S]*?)^\}$/gm;
const CHAIN = /^\tchain (\S+) \{\n\t\t(type .*)$/gm;

/** Reads them with one process. What is in them is not read. @throws NetmgrError `CommandFailed` */
export async function readOtherHooks(run: Run): Promise<OtherHook[]> {
  const { stdout } = await run(['nft', 'list', 'chains']);
  return parseOtherHooks(stdout);
}

/** Reads `nft list chains`. */
export function parseOtherHooks(output: string): OtherHook[] {
  return [...output.matchAll(TABLE)].flatMap(([, word = '', table = '', body = '']) => {
    const family = FAMILIES[word];
    const isKnown = family === 'bridge' ? table === 'netmgr' : word !== 'inet' && OF_IPTABLES.has(table);
    if (family === undefined || isKnown) return [];
    return [...body.matchAll(CHAIN)].flatMap(([, chain = '', rule = '']): OtherHook[] =>
      // Chains of type nat drop nothing.
      FORWARDING.test(rule) && !rule.startsWith('type nat ')
        ? [{ family, count: { table, chain, number: 0, rule, packets: 0n, octets: 0n } }]
        : [],
    );
  });
}
