import { FORWARD_CHAIN, INPUT_CHAIN, REPLIES_CHAIN } from '../../../mib/rule-names.js';
import { logicalLines } from './logical-lines.js';
import type { IptablesState } from './model.js';

const OURS: ReadonlySet<string> = new Set([FORWARD_CHAIN, INPUT_CHAIN, REPLIES_CHAIN]);

/** Reads `iptables-save -t filter` or `ip6tables-save -t filter`. */
export function parseIptables(output: string): IptablesState {
  const chains: string[] = [];
  const rules = new Map<string, string[]>();
  for (const line of logicalLines(output)) {
    const chain = /^:(\S+) /.exec(line)?.[1];
    if (chain !== undefined && OURS.has(chain)) chains.push(chain);
    const [, name, rule] = /^-A (\S+) ([\s\S]*)$/.exec(line) ?? [];
    if (name === undefined || rule === undefined) continue;
    const list = rules.get(name);
    if (list === undefined) rules.set(name, [rule.trimEnd()]);
    else list.push(rule.trimEnd());
  }
  const forward = jumpsOf(rules.get('FORWARD'), FORWARD_CHAIN);
  const input = jumpsOf(rules.get('INPUT'), INPUT_CHAIN);
  return {
    forward: rules.get(FORWARD_CHAIN) ?? [],
    input: rules.get(INPUT_CHAIN) ?? [],
    ...(chains.includes(REPLIES_CHAIN) ? { replies: rules.get(REPLIES_CHAIN) ?? [] } : {}),
    jumpsFirst: forward.isFirst && input.isFirst,
    present: { chains, forwardJumps: forward.count, inputJumps: input.count },
  };
}

function jumpsOf(rules: readonly string[] | undefined, chain: string): { isFirst: boolean; count: number } {
  const jump = `-j ${chain}`;
  const count = (rules ?? []).filter((rule) => rule === jump).length;
  return { isFirst: count === 1 && rules?.[0] === jump, count };
}
