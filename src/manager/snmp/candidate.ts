import type { Configuration } from '../../mib/configuration.js';
import { ROW_STATUS } from '../../mib/row-status.js';
import { encodeColumns, encodeIndex, type AnyRow, type TableDefinition } from '../../mib/table.js';
import type { VarBind } from '../../mib/value.js';
import type { CandidateWriter, TableRow } from '../components/component.js';
import { sameRow } from '../plan/diff-configurations.js';

/** Sends one SET. */
export type SendSet = (varBinds: readonly VarBind[]) => Promise<void>;

/**
 * Bounds of one SET: a response repeats its request and snmpd gives none at all beyond 65,507 octets; its
 * AgentX PDUs, which spend 4 octets on each sub-identifier, are capped at 64 KiB.
 */
const MAX_OCTETS = 8_000;
const MAX_VARBINDS = 200;

/** A varbind's octets on the wire, roughly and never too few: OIDs here have mostly one-octet subidentifiers. */
const OVERHEAD_PER_VARBIND = 24;

/**
 * An agent's candidate, for the length of one session: what is in it, and the differences to be written.
 * SETs of one tick are packed into few PDUs; a row is never torn between two.
 */
export class Candidate implements CandidateWriter {
  #queue: (readonly VarBind[])[] = [];
  /** How many rows were written or removed. */
  changes = 0;

  /**
   * @param observed what the candidate held when the session began
   */
  constructor(
    readonly observed: Configuration,
    private readonly send: SendSet,
  ) {}

  set({ table, row }: TableRow): void {
    const index = encodeIndex(table, row);
    const before = this.observed.get(table, index) as AnyRow | undefined;
    if (before !== undefined && sameRow(table, before, row)) return;
    const cells = encodeColumns(table, row)
      // A new row has the defaults already; an old one may hold something else.
      .filter(({ isDefault }) => !isDefault || before !== undefined)
      .map(({ columnId, value }): VarBind => ({ oid: [...table.entry, columnId, ...index], value }));
    this.#queue.push([...cells, rowStatus(table, row, ROW_STATUS.createAndGo)]);
  }

  remove({ table, row }: TableRow): void {
    if (this.observed.get(table, encodeIndex(table, row)) === undefined) return;
    this.#queue.push([rowStatus(table, row, ROW_STATUS.destroy)]);
  }

  /** Sends what has been queued. @throws NetmgrError of the first SET that the agent refuses */
  async flush(): Promise<void> {
    const rows = this.#queue;
    this.#queue = [];
    this.changes += rows.length;
    for (const varBinds of pack(rows)) await this.send(varBinds);
  }
}

/** What makes or destroys a row. @param row its index fields at least */
export function rowStatus(table: TableDefinition, row: AnyRow, value: number): VarBind {
  const oid = [...table.entry, table.rowStatus ?? 0, ...encodeIndex(table, row)];
  return { oid, value: { type: 'Integer32', value } };
}

/** Joins rows into SETs within the bounds. */
export function pack(rows: readonly (readonly VarBind[])[]): VarBind[][] {
  const pdus: VarBind[][] = [];
  let octets = 0;
  for (const row of rows) {
    const size = row.reduce((sum, varBind) => sum + sizeOf(varBind), 0);
    const last = pdus.at(-1);
    if (last === undefined || octets + size > MAX_OCTETS || last.length + row.length > MAX_VARBINDS) {
      pdus.push([...row]);
      octets = size;
    } else {
      last.push(...row);
      octets += size;
    }
  }
  return pdus;
}

function sizeOf({ oid, value }: VarBind): number {
  const content = value.type === 'OctetString' ? value.value.length : 9;
  return OVERHEAD_PER_VARBIND + oid.length + content;
}
