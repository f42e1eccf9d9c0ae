import { expectMember, expectSetName, type IpSet, type IpSetState } from './model.js';

/** The default of 65,536 is less than a large host may need; memory is taken as members come. */
const MAX_ELEMENTS = 1 << 20;

/**
 * The lines for `ipset restore` that bring what is new: they run before the rules that use the sets. The family
 * of a set that is there is not compared: a set cannot change it, and netmgr's names carry it.
 */
export function writeIpsetAdditions(from: IpSetState, to: IpSetState): string {
  const lines: string[] = [];
  for (const [name, set] of to) {
    expectSetName(name);
    const held = from.get(name);
    if (held === undefined) {
      const family = set.family === 4 ? 'inet' : 'inet6';
      lines.push(`create ${name} hash:net family ${family} maxelem ${String(MAX_ELEMENTS)}`);
    }
    for (const member of set.members) {
      if (held?.members.has(member) !== true) lines.push(`add ${name} ${expectMember(member, set.family)}`);
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** The lines that take what is gone: they run after the rules, which hold the sets they name. */
export function writeIpsetRemovals(from: IpSetState, to: IpSetState): string {
  const lines: string[] = [];
  for (const [name, held] of from) {
    expectSetName(name);
    const wanted = to.get(name);
    if (wanted === undefined) lines.push(`destroy ${name}`);
    else
      lines.push(
        ...surplus(held, wanted).map((member) => `del ${name} ${expectMember(member, held.family)}`),
      );
  }
  return lines.map((line) => `${line}\n`).join('');
}

function surplus(held: IpSet, wanted: IpSet): string[] {
  return [...held.members].filter((member) => !wanted.members.has(member));
}
