import type { AnyRow, TableDefinition } from '../../mib/table.js';
import type { Properties } from './profile-words.js';

export type ItemKind = 'site' | 'connection' | 'rule' | 'machine' | 'link' | 'overlay';

/** Something of a host that a user has a name for, made of one or several rows. */
export interface Item {
  readonly kind: ItemKind;
  /** Tells it from all others of the host, whatever it is like. */
  readonly key: string;
  /** In the words of the files: `site1/vmgrid101`. */
  readonly subject: string;
  readonly properties: Properties;
  /** What it has any number of: addresses, routes, members. */
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>;
  /** One of its rows, by which it is found in the environment. */
  readonly row: { readonly table: TableDefinition; readonly row: AnyRow };
}

/** The two ends of a link: what sends, and what receives. */
export interface LinkItem extends Item {
  readonly kind: 'link';
  readonly sender: string;
  readonly receiver: string;
}

export function isLinkItem(item: Item): item is LinkItem {
  return item.kind === 'link';
}

export const NO_LISTS: Item['lists'] = new Map();
