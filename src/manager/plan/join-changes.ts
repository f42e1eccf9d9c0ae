import type { FilePosition } from '../../errors.js';
import { groupBy } from '../../group-by.js';
import { contentWords, detailWords } from './detail-words.js';
import type { Action, ItemChange } from './diff-items.js';
import type { ItemKind } from './item.js';
import type { HostChanges, LinkEnds } from './plan-host.js';

/** What would become of one thing of the environment, wherever it is. */
export interface Change {
  readonly action: Action;
  readonly kind: ItemKind;
  /** `site1 ↔ site2`, `site1/vmgrid101`. */
  readonly subject: string;
  /** `bandwidth 1mbit → 2mbit`. */
  readonly what: readonly string[];
  /** The hosts on which something changes for it. */
  readonly hosts: readonly string[];
  /** Of a link between sites, how many ways of nodes it is. */
  readonly ways?: number;
  /** What of the virtual file asks for it; of what goes away there is nothing. */
  readonly at?: FilePosition;
}

/**
 * The changes of all hosts as those of the environment: the same on several hosts is one, both directions of a link are
 * one, and all ways between two sites are one where the same becomes of all of them.
 */
export function joinChanges(hosts: readonly HostChanges[]): Change[] {
  const all = hosts.flatMap(({ host, changes }) =>
    changes.map((change): Found => ({ host, change, what: wordsOf(change), at: change.at })),
  );
  const others = all.filter(({ change }) => change.ends === undefined);
  const links = all.filter(({ change }) => change.ends !== undefined);
  const changes = [
    ...joined(
      others,
      ({ change, what }) => `${change.kind} ${change.subject} ${what.join(', ')}`,
      ({ change }) => change.subject,
    ),
    ...linkChanges(
      links,
      hosts.flatMap((host) => host.links),
    ),
  ];
  return changes.sort(
    (a, b) =>
      ACTIONS.indexOf(a.action) - ACTIONS.indexOf(b.action) ||
      KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
      (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
      a.subject.localeCompare(b.subject, 'en', { numeric: true }),
  );
}

/** What comes, what becomes something else, and what goes; and of each what others are about first. */
const ACTIONS: readonly Action[] = ['create', 'update', 'delete'];
const KINDS: readonly ItemKind[] = ['site', 'connection', 'rule', 'machine', 'overlay', 'link'];

interface Found {
  readonly host: string;
  readonly change: ItemChange;
  readonly what: readonly string[];
  readonly at: FilePosition | undefined;
}

function wordsOf({ action, details }: ItemChange): string[] {
  return details.map(action === 'update' ? detailWords : contentWords);
}

function joined(
  found: readonly Found[],
  keyOf: (found: Found) => string,
  subjectOf: (found: Found) => string,
): Change[] {
  const groups = groupBy(found, (one) => `${one.change.action} ${keyOf(one)}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { action, kind } = first.change;
    const at = group.find((one) => one.at !== undefined)?.at;
    return [
      {
        ...{ action, kind, subject: subjectOf(first), what: first.what },
        hosts: [...new Set(group.map(({ host }) => host))],
        ...(group.length > 1 && first.change.ends !== undefined ? { ways: group.length } : {}),
        ...(at === undefined ? {} : { at }),
      },
    ];
  });
}

/** All ways between two sites are one where the same happens to all of them; else both directions between two nodes. */
function linkChanges(links: readonly Found[], all: readonly LinkEnds[]): Change[] {
  const sitesOf = (one: LinkEnds): string => siteEnds(one).sort().join('\n');
  const allBySites = groupBy(all, sitesOf);
  const bySites = groupBy(links, (link) => sitesOf(ends(link)));
  return [...bySites].flatMap(([key, ways]) => {
    const texts = new Set(ways.map(textOf));
    const [first] = ways;
    if (first === undefined) return [];
    const [from, to] = siteEnds(ends(first));
    const oneWay = ways.every((way) => siteEnds(ends(way))[0] === from);
    const isAll = ways.length === allBySites.get(key)?.length || (oneWay && isEachOf(ways, all, from, to));
    if (texts.size === 1 && from !== to && isAll) {
      return joined(ways, textOf, () => (oneWay ? `${from} → ${to}` : both(from, to)));
    }
    return joined(
      ways,
      (way) => `${ends(way).sort().join('\n')} ${textOf(way)}`,
      (way) => subjectOf(way, ways),
    );
  });
}

function subjectOf(way: Found, ways: readonly Found[]): string {
  const [from, to] = ends(way);
  const hasReverse = ways.some(
    (other) => ends(other)[0] === to && ends(other)[1] === from && textOf(other) === textOf(way),
  );
  return hasReverse ? both(from, to) : `${from} → ${to}`;
}

const both = (a: string, b: string): string => [a, b].sort().join(' ↔ ');
const textOf = ({ change, what }: Found): string => `${change.action} ${what.join(', ')}`;
const ends = ({ change }: Found): [string, string] => [change.ends?.[0] ?? '', change.ends?.[1] ?? ''];

function siteEnds([from, to]: LinkEnds): [string, string] {
  return [from.split('/')[0] ?? from, to.split('/')[0] ?? to];
}

/** Whether these are all ways of one direction. */
function isEachOf(ways: readonly Found[], all: readonly LinkEnds[], from: string, to: string): boolean {
  const same = all.filter((one) => siteEnds(one)[0] === from && siteEnds(one)[1] === to);
  return ways.length === same.length;
}
