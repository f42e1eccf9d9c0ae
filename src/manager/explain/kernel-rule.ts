import { LONGEST_RULE, type RuleStateRow } from '../../mib/rule-state-table.js';

/** A rule that a frame can come to, as the kernel of a host has it, or the policy of a chain. */
export interface KernelRule {
  readonly family: RuleStateRow['family'];
  /** Such as `filter`. */
  readonly table: string;
  readonly chain: string;
  /** Its place in the chain, from 1; 0 is the chain itself. */
  readonly number: number;
  /** As the tool prints it, without the chain. */
  readonly text: string;
  /** Whether the text may go on: agents cut off what is longer. */
  readonly isCut: boolean;
  readonly packets: bigint;
  readonly octets: bigint;
}

/** From what an agent says. It is untrusted. */
export function kernelRuleOf({ tableName, text, ...row }: RuleStateRow): KernelRule {
  const { family, chain, number, packets, octets } = row;
  return {
    ...{ family, table: tableName, chain, number, text: Buffer.from(text).toString('utf8') },
    ...{ isCut: text.length >= LONGEST_RULE, packets, octets },
  };
}

/** Where a rule stands, in words. */
export function rulePlace({ table, chain, number }: Pick<KernelRule, 'table' | 'chain' | 'number'>): string {
  const of = `${chain}${table === 'filter' || table === 'netmgr' ? '' : ` in table ${table}`}`;
  return number === 0 ? `the policy of ${of}` : `rule ${String(number)} of ${of}`;
}

/** Whether it is a chain of nftables that others have the kernel call, of which no rules are read. */
export const isOtherHook = ({ number, text }: KernelRule): boolean =>
  number === 0 && text.startsWith('type ');
