import type { FilePosition } from '../../errors.js';
import type { Configuration } from '../../mib/configuration.js';
import type { AnyRow, RowOf, TableDefinition } from '../../mib/table.js';

/** A row together with the table it belongs to. */
export interface TableRow {
  readonly table: TableDefinition;
  readonly row: AnyRow;
}

export function tableRow<T extends TableDefinition>(table: T, row: RowOf<T>): TableRow {
  return { table, row: row };
}

/** Where a component writes its rows: an agent's candidate. SETs are packed, so each call is cheap. */
export interface CandidateWriter {
  set(row: TableRow): void;
  remove(row: TableRow): void;
}

export type ComponentKind = 'profile' | 'site' | 'connection' | 'rule' | 'vif' | 'link' | 'overlay' | 'plan';

/** A piece of the merged environment that lives on one host. */
export class Component {
  constructor(
    readonly kind: ComponentKind,
    /** Names the component in plans and errors: `site1/vmgrid101/vif1.0`. */
    readonly path: string,
    readonly rows: readonly TableRow[],
    /** Where the virtual file asks for it. */
    readonly at?: FilePosition,
  ) {}

  /** Puts the rows into a configuration. */
  addTo(configuration: Configuration): void {
    for (const { table, row } of this.rows) configuration.set(table, row as never);
  }

  /** Issues the SETs that make the component part of the host's candidate. */
  apply(candidate: CandidateWriter): void {
    for (const row of this.rows) candidate.set(row);
  }

  /** Issues the SETs that take the component out of the host's candidate. */
  remove(candidate: CandidateWriter): void {
    for (const row of this.rows) candidate.remove(row);
  }
}
