import { groupBy } from '../../../group-by.js';
import { FORWARD_CHAIN, INPUT_CHAIN, REPLIES_CHAIN } from '../../../mib/rule-names.js';
import type { RuleCount } from '../rule-count.js';
import { logicalLines } from './logical-lines.js';

/** Where the kernel's bridges call iptables for a packet that they forward (net/bridge/br_netfilter_hooks.c). */
const FORWARDING_HOOKS: ReadonlySet<string> = new Set(['PREROUTING', 'FORWARD', 'POSTROUTING']);
const OURS = [FORWARD_CHAIN, INPUT_CHAIN, REPLIES_CHAIN];

/**
 * Reads what the rules that a forwarded packet can come to have matched, and our own for what the host receives, as
 * `iptables-save -c` and `ip6tables-save -c` print all tables.
 */
export function parseRuleCounts(output: string): RuleCount[] {
  const chains: RuleCount[] = [];
  const rules: RuleCount[] = [];
  let table = '';
  let numbers = new Map<string, number>();
  for (const line of logicalLines(output)) {
    if (line.startsWith('*')) {
      table = line.slice(1).trim();
      numbers = new Map();
      continue;
    }
    const [, name, policy = '', ...policyCounts] = /^:(\S+) (\S+) \[(\d+):(\d+)\]/.exec(line) ?? [];
    if (name !== undefined) {
      const rule = `policy ${policy === NO_POLICY ? 'RETURN' : policy}`;
      chains.push({ table, chain: name, number: 0, rule, ...countsOf(policyCounts) });
      continue;
    }
    const [, packets = '', octets = '', chain, rule = ''] =
      /^\[(\d+):(\d+)\] -A (\S+) ([\s\S]*)$/.exec(line) ?? [];
    if (chain === undefined) continue;
    const number = (numbers.get(chain) ?? 0) + 1;
    numbers.set(chain, number);
    rules.push({ table, chain, number, rule: rule.trimEnd(), ...countsOf([packets, octets]) });
  }
  const held = new Set(rules.map(keyOf));
  const said = chains.filter(
    // What accepts what its rules leave undecided says nothing, nor does a chain that returns, unless it has no other row.
    (chain) => chain.rule === 'policy DROP' || (chain.rule === 'policy RETURN' && !held.has(keyOf(chain))),
  );
  const reached = reachedChains(rules);
  return [...said, ...rules].filter((count) => reached.has(keyOf(count)) || isHook(count));
}

/** Of chains that users make. */
const NO_POLICY = '-';

const keyOf = ({ table, chain }: RuleCount): string => `${table} ${chain}`;
const isHook = ({ chain }: RuleCount): boolean => FORWARDING_HOOKS.has(chain);

function countsOf([packets = '0', octets = '0']: readonly string[]): Pick<RuleCount, 'packets' | 'octets'> {
  return { packets: BigInt(packets), octets: BigInt(octets) };
}

/** Those that packets can come to, and ours, by their tables and names. */
function reachedChains(rules: readonly RuleCount[]): ReadonlySet<string> {
  const byChain = groupBy(rules, keyOf);
  const open = [...rules.filter(isHook).map(keyOf), ...OURS.map((chain) => `filter ${chain}`)];
  const reached = new Set<string>();
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (reached.has(key)) continue;
    reached.add(key);
    for (const { table, rule } of byChain.get(key) ?? []) {
      open.push(...targetsOf(rule).map((target) => `${table} ${target}`));
    }
  }
  return reached;
}

const QUOTED = /"(?:[^"\\]|\\[\s\S])*"/g;

/** What a rule leads to, or may: a comment of one word may look like it. */
const targetsOf = (rule: string): string[] =>
  [...rule.replace(QUOTED, '""').matchAll(/(?:^| )-[jg] (\S+)/g)].map(([, target = '']) => target);
