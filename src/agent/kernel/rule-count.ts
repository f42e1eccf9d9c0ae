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

/** A rule that packets which a bridge of the host forwards can come to, and the family of nftables that it is in. */
export interface HostRule {
  readonly family: 'ipv4' | 'ipv6' | 'bridge' | 'inet' | 'netdev';
  readonly count: RuleCount;
}
