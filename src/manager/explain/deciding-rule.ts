import { groupBy } from '../../group-by.js';
import type { KernelRule } from './kernel-rule.js';
import { readRule, UNREADABLE, type IsMember, type RulePacket } from './read-rule.js';

/** What becomes of a packet at a host, and by which rule. */
export interface Decided {
  /** `unknown`: it may match a rule that netmgr cannot read, which stands before all that decide. */
  readonly verdict: 'accept' | 'drop' | 'unknown';
  /** Undefined if no rule decides, and the kernel lets it pass. */
  readonly rule: KernelRule | undefined;
}

/** Tables and chains in the order in which a bridged packet comes to them (linux/netfilter_ipv4.h). */
const HOOKS = [
  ['raw', 'PREROUTING'],
  ['mangle', 'PREROUTING'],
  ['nat', 'PREROUTING'],
  ['mangle', 'FORWARD'],
  ['filter', 'FORWARD'],
  ['security', 'FORWARD'],
  ['mangle', 'POSTROUTING'],
  ['nat', 'POSTROUTING'],
] as const;

const VERDICTS: Readonly<Record<string, Decided['verdict']>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'drop',
};
/** Targets after which the rules go on (iptables-extensions(8)). */
const GOING_ON: ReadonlySet<string> = new Set([
  ...['', 'LOG', 'NFLOG', 'ULOG', 'AUDIT', 'TRACE', 'LED', 'MARK', 'CONNMARK', 'SECMARK', 'CONNSECMARK'],
  ...['TCPMSS', 'DSCP', 'TOS', 'TTL', 'HL', 'ECN', 'CLASSIFY', 'CHECKSUM', 'RATEEST', 'SET', 'IDLETIMER'],
]);

/** What the rules of a host decide about a packet that a bridge forwards. */
export function decidingRule(rules: readonly KernelRule[], packet: RulePacket, isMember: IsMember): Decided {
  const family = packet.source.version === 4 ? 'ipv4' : 'ipv6';
  const own = rules.filter((rule) => rule.family === family);
  let decided: Decided = { verdict: 'accept', rule: undefined };
  for (const [table, chain] of HOOKS) {
    // What answers is translated as what it answers.
    if (table === 'nat' && packet.isReply) continue;
    const chains = groupBy(
      own.filter((rule) => rule.table === table),
      (rule) => rule.chain,
    );
    const found = through(chain, chains, packet, isMember, new Set()) ?? policyOf(chains.get(chain));
    // To be let through by one table ends that table alone.
    if (found?.verdict === 'accept') decided = table === 'filter' ? found : decided;
    else if (found !== undefined) return found;
  }
  return decided;
}

/** Undefined if it is to accept. */
function policyOf(chain: readonly KernelRule[] = []): Decided | undefined {
  const rule = chain.find(({ number, text }) => number === 0 && text === 'policy DROP');
  return rule && { verdict: 'drop', rule };
}

/** Undefined if no rule of a chain, from the first that is asked for, decides. */
function through(
  chain: string,
  chains: ReadonlyMap<string, readonly KernelRule[]>,
  packet: RulePacket,
  isMember: IsMember,
  entered: ReadonlySet<string>,
  first = 1,
): Decided | undefined {
  const ordered = [...(chains.get(chain) ?? [])].sort((a, b) => a.number - b.number);
  for (const rule of ordered) {
    if (rule.number < first) continue;
    const reading = readRule(rule.text, packet, isMember);
    if (reading.matches === false) continue;
    // The end of a rule that is cut off is not known.
    const { matches, target, isGoto } = rule.isCut ? UNREADABLE : reading;
    const isChain = chains.has(target);
    if (!isChain && GOING_ON.has(target)) continue;
    if (!isChain && matches === true) {
      const verdict = VERDICTS[target];
      if (verdict !== undefined) return { verdict, rule };
      if (target === 'RETURN') return undefined;
    }
    if (!isChain && target === 'RETURN') {
      // It may be left here: then what follows must not matter.
      const rest = through(chain, chains, packet, isMember, entered, rule.number + 1);
      return rest && { verdict: 'unknown', rule };
    }
    if (!isChain || entered.has(target)) return { verdict: 'unknown', rule };
    const decided = through(target, chains, packet, isMember, new Set([...entered, chain]));
    if (decided === undefined && !isGoto) continue;
    return matches === true ? decided : { verdict: 'unknown', rule };
  }
  return undefined;
}
