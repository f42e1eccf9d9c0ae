import { oidText } from '../../mib/oid.js';
import { encodeIndex } from '../../mib/table.js';
import type { Component, TableRow } from './component.js';

/** Tells which component a row belongs to. */
export class Owners {
  #byRow: Map<string, Component> | undefined;

  constructor(private readonly components: readonly Component[]) {}

  /** Only what changes is asked for, so where nothing does, no row is looked at. */
  of(row: TableRow): Component | undefined {
    this.#byRow ??= new Map(
      this.components.flatMap((component) => component.rows.map((own) => [rowKey(own), component] as const)),
    );
    return this.#byRow.get(rowKey(row));
  }
}

function rowKey({ table, row }: TableRow): string {
  return `${oidText(table.entry)}:${oidText(encodeIndex(table, row))}`;
}
