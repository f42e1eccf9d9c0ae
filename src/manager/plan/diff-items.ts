import type { Item, ItemKind } from './item.js';
import { isLinkItem } from './item.js';

export type Action = 'create' | 'update' | 'delete';

/** One difference of an item: what comes, goes, or becomes something else. */
export type Detail =
  | { readonly name: string; readonly before?: string; readonly after?: string }
  | { readonly name: string; readonly added: string }
  | { readonly name: string; readonly removed: string };

/** What would become of one thing on one host. */
export interface ItemChange {
  readonly action: Action;
  readonly kind: ItemKind;
  readonly subject: string;
  /** Of a link: what sends and what receives. */
  readonly ends?: readonly [sender: string, receiver: string];
  readonly details: readonly Detail[];
  readonly item: Item;
}

/** What must change on a host for `before` to become `after`, in the words of the files. */
export function diffItems(before: readonly Item[], after: readonly Item[]): ItemChange[] {
  const rest = new Map(before.map((item) => [item.key, item]));
  const changes = after.flatMap((item): ItemChange[] => {
    const old = rest.get(item.key);
    rest.delete(item.key);
    const details = detailsOf(old, item);
    if (old !== undefined && details.length === 0) return [];
    return [changeOf(old === undefined ? 'create' : 'update', item, details)];
  });
  return [
    ...changes,
    ...[...rest.values()].map((item) => changeOf('delete', item, detailsOf(item, undefined))),
    ...orderChange(before, after),
  ];
}

function changeOf(action: Action, item: Item, details: readonly Detail[]): ItemChange {
  return {
    ...{ action, kind: item.kind, subject: item.subject, details, item },
    ...(isLinkItem(item) ? { ends: [item.sender, item.receiver] as const } : {}),
  };
}

function detailsOf(before: Item | undefined, after: Item | undefined): Detail[] {
  const [old, now] = [before?.properties, after?.properties];
  const names = new Set([...(now?.keys() ?? []), ...(old?.keys() ?? [])]);
  const properties = [...names].flatMap((name): Detail[] => {
    const [was, is] = [old?.get(name), now?.get(name)];
    if (was === is) return [];
    return [
      { name, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) },
    ];
  });
  const lists = new Set([...(after?.lists.keys() ?? []), ...(before?.lists.keys() ?? [])]);
  return [
    ...properties,
    ...[...lists].flatMap((name): Detail[] => {
      const [were, are] = [before?.lists.get(name), after?.lists.get(name)];
      const added = [...(are ?? [])].filter((one) => were?.has(one) !== true);
      const removed = [...(were ?? [])].filter((one) => are?.has(one) !== true);
      return [
        ...added.map((one) => ({ name, added: one })),
        ...removed.map((one) => ({ name, removed: one })),
      ];
    }),
  ];
}

/** The first rule that matches decides, so the order of those that stay is something of its own. */
function orderChange(before: readonly Item[], after: readonly Item[]): ItemChange[] {
  const rules = (items: readonly Item[], others: readonly Item[]): Item[] => {
    const keys = new Set(others.map(({ key }) => key));
    return items.filter(({ kind, key }) => kind === 'rule' && keys.has(key));
  };
  const [old, now] = [rules(before, after), rules(after, before)];
  const moved = now.find(({ key }, i) => key !== old[i]?.key);
  return moved === undefined
    ? []
    : [changeOf('update', moved, [{ name: 'order', after: 'before others now' }])];
}
