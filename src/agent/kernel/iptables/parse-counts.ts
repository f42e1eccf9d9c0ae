import { groupBy } from '../../../group-by.js';
import { FORWARD_CHAIN, INPUT_CHAIN, REPLIES_CHAIN } from '../../../mib/rule-names.js';
import type { RuleCount } from '../rule-count.js';

/** Where the kernel's bridges call iptables for a packet that they forward (net/bridge/br_netfilter_hooks.c). */
const FORWARDING_HOOKS: ReadonlySet<string> = new Set(['PREROUTING', 'FORWARD', 'POSTROUTING']);
/** Translates addresses, and drops nothing. */
const TRANSLATING = 'nat';
const OURS = [FORWARD_CHAIN, INPUT_CHAIN, REPLIES_CHAIN];

/**
 * Reads what the rules that a forwarded packet can come to have matched, and our own for what the host receives, as
 * `iptables-save -c` and `ip6tables-save -c` print all tables.
 */
export function parseRuleCounts(output: string): RuleCount[] {
  const counts: RuleCount[] = [];
  let table = '';
  let numbers = new Map<string, number>();
  for (const line of output.split('\n')) {
    if (line.startsWith('*')) {
      table = line.slice(1).trim();
      numbers = new Map();
      continue;
    }
    const [, name = '', policy = '', ...policyCounts] = /^:(\S+) (\S+) \[(\d+):(\d+)\]/.exec(line) ?? [];
    // A policy to accept decides nothing, and chains that users make have none (-).
    if (policy === 'DROP') {
      const rule = `policy ${policy}`;
      counts.push({ table, chain: name, number: 0, rule, ...countsOf(policyCounts) });
    }
    const [, packets = '', octets = '', chain, rule = ''] =
      /^\[(\d+):(\d+)\] -A (\S+) (.*)$/.exec(line) ?? [];
    if (chain === undefined) continue;
    const number = (numbers.get(chain) ?? 0) + 1;
    numbers.set(chain, number);
    counts.push({ table, chain, number, rule: rule.trimEnd(), ...countsOf([packets, octets]) });
  }
  const reached = reachedChains(counts);
  return counts.filter(({ table: of, chain }) => reached.has(`${of} ${chain}`));
}

function countsOf([packets = '0', octets = '0']: readonly string[]): Pick<RuleCount, 'packets' | 'octets'> {
  return { packets: BigInt(packets), octets: BigInt(octets) };
}

/** Those that packets can come to, and ours, by their tables and names. */
function reachedChains(counts: readonly RuleCount[]): ReadonlySet<string> {
  const byChain = groupBy(counts, ({ table, chain }) => `${table} ${chain}`);
  const hooks = counts
    .filter(({ table, chain }) => table !== TRANSLATING && FORWARDING_HOOKS.has(chain))
    .map(({ table, chain }) => `${table} ${chain}`);
  const open = [...hooks, ...OURS.map((chain) => `filter ${chain}`)];
  const reached = new Set<string>();
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (reached.has(key)) continue;
    reached.add(key);
    for (const { table, rule } of byChain.get(key) ?? []) open.push(`${table} ${targetOf(rule)}`);
  }
  return reached;
}

const QUOTED = /"(?:[^"\\]|\\.)*"/g;

/** The chain or target that a rule leads to, whatever its comment says. */
const targetOf = (rule: string): string => /(?:^| )-[jg] (\S+)/.exec(rule.replace(QUOTED, ''))?.[1] ?? '';
