import type { Run } from '../../../process/run.js';
import type { IptablesVariant } from '../iptables/read.js';
import type { HostRule } from '../rule-count.js';

const FAMILIES: Readonly<Record<string, HostRule['family']>> = {
  ip: 'ipv4',
  ip6: 'ipv6',
  bridge: 'bridge',
  inet: 'inet',
  netdev: 'netdev',
};
const FORWARDING = /\bhook (prerouting|forward|postrouting|ingress|egress)\b/;
/** What iptables over nf_tables has in the families ip and ip6, and iptables-save prints. */
const OF_IPTABLES = {
  tables: new Set(['raw', 'mangle', 'nat', 'filter', 'security']),
  chains: new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']),
} as const;
/** nft's JSON cannot name hooks of netdev (1.0.6). Names may have blanks, and chains a comment before their hook. */
const TABLE = /^table (\S+) (.+) \{\n([\s\S]*?)^\}$/gm;
const CHAIN = /^\tchain (.+) \{\n(?:\t\tcomment .*\n)?\t\t(type .*)$/gm;

/**
 * Reads the chains of others that the kernel calls for frames, or for packets in them, that a bridge forwards, with one process.
 * What is in them is not read.
 *
 * @param variant the form of iptables whose rules are read elsewhere
 * @throws NetmgrError `CommandFailed`
 */
export async function readOtherHooks(run: Run, variant: IptablesVariant | undefined): Promise<HostRule[]> {
  const { stdout } = await run(['nft', 'list', 'chains']);
  return parseOtherHooks(stdout, variant);
}

/** Reads `nft list chains`. */
export function parseOtherHooks(output: string, variant: IptablesVariant | undefined): HostRule[] {
  return [...output.matchAll(TABLE)].flatMap(([, word = '', table = '', body = '']) => {
    const family = FAMILIES[word];
    if (family === undefined || (family === 'bridge' && table === 'netmgr')) return [];
    const isIptables = variant === 'nft' && word !== 'inet' && OF_IPTABLES.tables.has(table);
    return [...body.matchAll(CHAIN)].flatMap(([, chain = '', rule = '']): HostRule[] => {
      const isRead = isIptables && OF_IPTABLES.chains.has(chain);
      return FORWARDING.test(rule) && !isRead ? [otherHook(family, table, chain, rule)] : [];
    });
  });
}

export function otherHook(family: HostRule['family'], table: string, chain: string, rule: string): HostRule {
  return { family, count: { table, chain, number: 0, rule, packets: 0n, octets: 0n } };
}
