import { FORWARD_CHAIN, INPUT_CHAIN, REPLIES_CHAIN } from '../../mib/rule-names.js';
import type { HostDifference } from '../host/examination.js';
import type { BridgeNetfilter } from '../kernel/ip/bridge-netfilter.js';
import type { IpSet } from '../kernel/ipset/model.js';
import type { IptablesState } from '../kernel/iptables/model.js';
import { writeIptables } from '../kernel/iptables/write.js';
import type { NftTable } from '../kernel/nft/model.js';
import { writeNft } from '../kernel/nft/write.js';
import { differenceOf, someOf } from './difference.js';
import type { Drift } from './drift.js';

/** What differs in sets, rules and the nft table. Whether rules do is what the writers of a commit say. */
export function isolationDifferences({ reading: { state }, desired }: HostDifference): Drift[] {
  return [
    ...setWords(state.ipsets, desired.ipsets),
    ...ruleWords('iptables', state.iptables[4], desired.iptables[4]),
    ...ruleWords('ip6tables', state.iptables[6], desired.iptables[6]),
    ...tableWords(state.nft, desired.nft),
    ...netfilterWords(state.bridgeNetfilter, desired.bridgeNetfilter),
  ].map((text) => ({ what: 'isolation', vif: '', text, repairable: true }));
}

function setWords(held: ReadonlyMap<string, IpSet>, wanted: ReadonlyMap<string, IpSet>): string[] {
  const { missing, surplus, both } = differenceOf(held, wanted);
  return [
    ...missing.map(([name]) => `the set ${name} should be there, and is not`),
    ...surplus.map(([name]) => `the set ${name} should not be there, and is`),
    ...both.flatMap(([name, is, should]) => memberWords(`the set ${name}`, is.members, should.members)),
  ];
}

/** @param most of them, that are named: rules are long, and a row of drift is not */
function memberWords(
  name: string,
  held: ReadonlySet<string>,
  wanted: ReadonlySet<string>,
  most?: number,
): string[] {
  const missing = [...wanted].filter((member) => !held.has(member));
  const surplus = [...held].filter((member) => !wanted.has(member));
  return [
    ...(missing.length === 0 ? [] : [`${name} should hold ${someOf(missing, most)}, and does not`]),
    ...(surplus.length === 0 ? [] : [`${name} should not hold ${someOf(surplus, most)}, and does`]),
  ];
}

function ruleWords(tool: 'iptables' | 'ip6tables', held: IptablesState, wanted: IptablesState): string[] {
  if (writeIptables(held, wanted) === '') return [];
  if (wanted.forward.length === 0 && wanted.input.length === 0) {
    return [`${tool} should have nothing of netmgr, and has rules or chains of it left over`];
  }
  const words = [
    ...listWords(`${FORWARD_CHAIN} of ${tool}`, held.forward, wanted.forward),
    ...listWords(`${INPUT_CHAIN} of ${tool}`, held.input, wanted.input),
    ...listWords(`${REPLIES_CHAIN} of ${tool}`, held.replies ?? [], wanted.replies ?? []),
  ];
  if (!held.jumpsFirst) {
    words.push(`the jumps to netmgr's chains should stand first in FORWARD and INPUT of ${tool}, and do not`);
  }
  return words;
}

function listWords(name: string, held: readonly string[], wanted: readonly string[]): string[] {
  const words = memberWords(name, new Set(held), new Set(wanted), 1);
  const isSame = held.length === wanted.length && held.every((rule, i) => rule === wanted[i]);
  return words.length === 0 && !isSame
    ? [`the rules of ${name} should stand in another order, or once`]
    : words;
}

function tableWords(held: NftTable | undefined, wanted: NftTable | undefined): string[] {
  if (writeNft(held, wanted) === '') return [];
  const name = 'the nft table bridge netmgr';
  if (held === undefined) return [`${name} should be there, and is not`];
  if (wanted === undefined) return [`${name} should not be there, and is`];
  const elements = (table: NftTable): Map<string, IpSet['members']> =>
    new Map([
      ...[...table.sets].map(([set, { elements: all }]) => [`${name}, set ${set},`, all] as const),
      ...[...table.chains].map(([chain, rules]) => [`${name}, chain ${chain},`, new Set(rules)] as const),
    ]);
  const { missing, surplus, both } = differenceOf(elements(held), elements(wanted));
  const words = [
    ...missing.map(([part]) => `${part} should be there, and is not`),
    ...surplus.map(([part]) => `${part} should not be there, and is`),
    ...both.flatMap(([part, is, should]) => memberWords(part, is, should, 1)),
  ];
  return words.length > 0
    ? words
    : [`${name} should have its rules in another order, or its sets of another type`];
}

/** A kernel without br_netfilter cannot be brought to anything. */
function netfilterWords(held: BridgeNetfilter | undefined, wanted: BridgeNetfilter | undefined): string[] {
  if (wanted === undefined) return [];
  if (held === undefined)
    return ['br_netfilter should be loaded, and is not: iptables sees no bridged frame'];
  return ([4, 6] as const)
    .filter((version) => held[version] !== wanted[version])
    .map((version) => {
      const name = `net.bridge.bridge-nf-call-ip${version === 4 ? '' : '6'}tables`;
      return `${name} should be ${wanted[version] ? '1' : '0'}, and is ${held[version] ? '1' : '0'}`;
    });
}
