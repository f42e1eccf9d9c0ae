import { FORWARD_CHAIN, INPUT_CHAIN, REPLIES_CHAIN } from '../../../mib/rule-names.js';
import { expectRule, type IptablesState, type PresentChains } from './model.js';

const ABSENT: PresentChains = { chains: [], forwardJumps: 0, inputJumps: 0 };

/** Whether the state asks for anything of ours. */
function isEmpty({ forward, input }: IptablesState): boolean {
  return forward.length === 0 && input.length === 0;
}

/**
 * One text for `iptables-restore --noflush`, which the kernel takes as a whole or not at all; empty when
 * nothing differs. A chain that is declared is emptied first (iptables-restore(8)), so our rules are always
 * written all; rules of others are not named.
 *
 * @param from as it was read back
 */
export function writeIptables(from: IptablesState, to: IptablesState): string {
  if (sameRules(from, to)) return '';
  const { chains, forwardJumps, inputJumps } = from.present ?? ABSENT;
  const jumps = (builtin: string, chain: string, count: number): string[] =>
    Array.from({ length: count }, () => `-D ${builtin} -j ${chain}`);
  const removals = [
    ...jumps('FORWARD', FORWARD_CHAIN, forwardJumps),
    ...jumps('INPUT', INPUT_CHAIN, inputJumps),
  ];
  const lines = isEmpty(to)
    ? [...chains.map((chain) => `:${chain} - [0:0]`), ...removals, ...chains.map((chain) => `-X ${chain}`)]
    : [
        `:${FORWARD_CHAIN} - [0:0]`,
        `:${INPUT_CHAIN} - [0:0]`,
        ...(chains.includes(REPLIES_CHAIN) || to.replies !== undefined ? [`:${REPLIES_CHAIN} - [0:0]`] : []),
        ...removals,
        ...to.forward.map((rule) => `-A ${FORWARD_CHAIN} ${expectRule(rule)}`),
        ...to.input.map((rule) => `-A ${INPUT_CHAIN} ${expectRule(rule)}`),
        ...(to.replies ?? []).map((rule) => `-A ${REPLIES_CHAIN} ${expectRule(rule)}`),
        // No rule leads there any more.
        ...(chains.includes(REPLIES_CHAIN) && to.replies === undefined ? [`-X ${REPLIES_CHAIN}`] : []),
        `-I FORWARD 1 -j ${FORWARD_CHAIN}`,
        `-I INPUT 1 -j ${INPUT_CHAIN}`,
      ];
  return ['*filter', ...lines, 'COMMIT', ''].join('\n');
}

function sameRules(from: IptablesState, to: IptablesState): boolean {
  const { chains, forwardJumps, inputJumps } = from.present ?? ABSENT;
  if (isEmpty(to)) {
    return isEmpty(from) && chains.length === 0 && forwardJumps === 0 && inputJumps === 0;
  }
  return (
    from.jumpsFirst &&
    equalLists(from.forward, to.forward) &&
    equalLists(from.input, to.input) &&
    (from.replies === undefined) === (to.replies === undefined) &&
    equalLists(from.replies ?? [], to.replies ?? [])
  );
}

function equalLists(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((rule, index) => rule === b[index]);
}
