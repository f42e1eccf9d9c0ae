import type { NftSet, NftTable } from './model.js';

const TABLE = 'table bridge netmgr';

/**
 * The text for one `nft -f -`, which the kernel takes as a whole or not at all; empty when nothing differs.
 * The table is made anew: its counts begin at 0.
 */
export function writeNft(from: NftTable | undefined, to: NftTable | undefined): string {
  if (sameTable(from, to)) return '';
  // Adding a table that is there does nothing, so that deleting it never fails.
  const removal = `${TABLE}\ndelete ${TABLE}\n`;
  return to === undefined ? removal : removal + tableText(to);
}

function tableText({ sets, chains }: NftTable): string {
  const chainText = ([name, rules]: [string, readonly string[]]): string =>
    `\tchain ${name} {\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n`;
  return `${TABLE} {\n${[...sets].map(setText).join('')}${[...chains].map(chainText).join('')}}\n`;
}

function setText([name, { kind, type, interval, elements }]: [string, NftSet]): string {
  const flags = interval ? '\t\tflags interval\n' : '';
  const list = elements.size === 0 ? '' : `\t\telements = { ${[...elements].join(', ')} }\n`;
  return `\t${kind} ${name} {\n\t\ttype ${type}\n${flags}${list}\t}\n`;
}

/** Whether two tables are the same, whatever the order of sets, elements and chains. */
function sameTable(a: NftTable | undefined, b: NftTable | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.sets.size === b.sets.size &&
    a.chains.size === b.chains.size &&
    [...a.sets].every(([name, set]) => sameSet(set, b.sets.get(name))) &&
    [...a.chains].every(([name, rules]) => rules.join('\n') === b.chains.get(name)?.join('\n'))
  );
}

function sameSet(a: NftSet, b: NftSet | undefined): boolean {
  return (
    a.kind === b?.kind &&
    a.type === b.type &&
    a.interval === b.interval &&
    a.elements.size === b.elements.size &&
    [...a.elements].every((element) => b.elements.has(element))
  );
}
