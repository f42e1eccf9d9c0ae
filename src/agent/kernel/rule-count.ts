/** A rule in a chain of ours, as the kernel has it, and what it has matched. */
export interface RuleCount {
  readonly chain: string;
  /** Its place in the chain, from 1. */
  readonly number: number;
  /** As the tool prints it, without chain and counters. */
  readonly rule: string;
  readonly packets: bigint;
  readonly octets: bigint;
}
