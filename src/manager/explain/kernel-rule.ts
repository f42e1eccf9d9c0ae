import type { RuleStateRow } from '../../mib/rule-state-table.js';

/** A rule of netmgr's chains as the kernel of a host has it. */
export interface KernelRule {
  readonly family: RuleStateRow['family'];
  readonly chain: string;
  /** Its place in the chain, from 1. */
  readonly number: number;
  /** As the tool prints it, without the chain. */
  readonly text: string;
  readonly packets: bigint;
  readonly octets: bigint;
}

/** From what an agent says. It is untrusted. */
export function kernelRuleOf({ family, chain, number, text, packets, octets }: RuleStateRow): KernelRule {
  return { family, chain, number, text: Buffer.from(text).toString('utf8'), packets, octets };
}

/** By which the same rule is told in two readings. */
export const ruleKey = ({ family, chain, number, text }: KernelRule): string =>
  [family, chain, number, text].join('\n');
