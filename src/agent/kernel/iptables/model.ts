import { NetmgrError } from '../../../errors.js';

/**
 * What is ours in the filter table of one IP version. A rule is what iptables-save prints after
 * `-A <chain> `, so that what is read back and what is wanted are the same text.
 */
export interface IptablesState {
  readonly forward: readonly string[];
  readonly input: readonly string[];
  /** Absent: there are no such rules. */
  readonly replies?: readonly string[];
  /** Whether the jumps to our chains stand first in FORWARD and INPUT, each of them once. */
  readonly jumpsFirst: boolean;
  /** What of ours is there beside the rules, so that a state in between can be left. Absent: nothing more. */
  readonly present?: PresentChains;
}

export interface PresentChains {
  /** Our chains that exist. */
  readonly chains: readonly string[];
  /** How many jumps to our chain are in FORWARD and in INPUT. */
  readonly forwardJumps: number;
  readonly inputJumps: number;
}

/** Nothing of ours. */
export const NO_RULES: IptablesState = { forward: [], input: [], jumpsFirst: false };

/** What the rules of netmgr are made of: nothing that ends a line or begins another rule. */
const RULE = /^-[A-Za-z0-9 !:./_-]+$/;

/** The rule, if it is safe on a line of its own. @throws NetmgrError `InvalidInput`. */
export function expectRule(rule: string): string {
  if (RULE.test(rule)) return rule;
  throw new NetmgrError({ kind: 'InvalidInput', message: `${JSON.stringify(rule)} is no rule of netmgr` });
}
