import { encodeIndex, type AnyRow, type TableDefinition } from '../../mib/table.js';
import type { VarBind } from '../../mib/value.js';

/**
 * Bounds of one SET: a response repeats its request and snmpd gives none at all beyond 65,507 octets; its
 * AgentX PDUs, which spend 4 octets on each sub-identifier, are capped at 64 KiB.
 */
const MAX_OCTETS = 8_000;
const MAX_VARBINDS = 200;

/** A varbind's octets on the wire, roughly and never too few: OIDs here have mostly one-octet subidentifiers. */
const OVERHEAD_PER_VARBIND = 24;

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
