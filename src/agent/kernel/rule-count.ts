/** A rule of the kernel, or what becomes of all that a chain's rules leave undecided, and what it has matched. */
export interface RuleCount {
  /** Such as `filter`. */
  readonly table: string;
  readonly chain: string;
  /** Its place in the chain, from 1; 0 is the chain itself. */
  readonly number: number;
  /** As the tool prints it, without chain and counters; of a chain itself its hook and its policy. */
  readonly rule: string;
  readonly packets: bigint;
  readonly octets: bigint;
}
