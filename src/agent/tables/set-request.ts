import { NetmgrError } from '../../errors.js';
import { cfgScalars, type CfgAction } from '../../mib/cfg-scalars.js';
import { unpackEdit, type RowChange } from '../../mib/configuration-edit.js';
import { notifyScalars } from '../../mib/notify-scalars.js';
import { oidSuffix, oidText } from '../../mib/oid.js';
import { ROW_STATUS } from '../../mib/row-status.js';
import { instanceOf, type Scalar } from '../../mib/scalar.js';
import { WireValueError } from '../../mib/syntax.js';
import { columnById, decodeIndex, type AnyRow, type TableDefinition } from '../../mib/table.js';
import { configTables } from '../../mib/tables.js';
import type { Oid, SnmpValue, VarBind } from '../../mib/value.js';
import type { Settings } from '../store/agent-state.js';
import type { SetErrorStatus } from '../agentx/set-error-status.js';

/** A SET that is refused for what stands in it; `index` counts varbinds from 1. */
export class SetError extends Error {
  constructor(
    readonly status: SetErrorStatus,
    readonly index: number,
  ) {
    super(status);
  }
}

/** What one PDU says of one row. */
export interface RowEdit {
  readonly table: TableDefinition;
  readonly index: Oid;
  /** The index fields. */
  readonly key: AnyRow;
  readonly cells: Record<string, unknown>;
  status?: number;
  /** The varbind that names the row first, counted from 1. */
  readonly at: number;
}

/** A SET as its parts. */
export interface SetRequest {
  readonly owner?: string;
  readonly ownerTimeout?: number;
  readonly label?: string;
  readonly action?: { readonly action: CfgAction; readonly at: number };
  readonly expectedDigest?: Uint8Array;
  /** Seconds. */
  readonly confirmTimeout?: number;
  readonly takeOver?: boolean;
  /** What outlives the session. */
  readonly settings: Partial<Settings>;
  readonly rows: readonly RowEdit[];
  /** Rows that stand in one value (netemuCfgEdit). */
  readonly edit?: { readonly changes: readonly RowChange[]; readonly at: number };
}

const { scalars } = cfgScalars;
const { scalars: notify } = notifyScalars;
/** The groups in which there is something to write. */
const writable = [...Object.values(scalars), ...Object.values(notify)];

/**
 * Takes a SET apart and checks each varbind by itself (RFC 3416 section 4.2.5).
 *
 * @throws SetError
 */
export function decodeSetRequest(varBinds: readonly VarBind[]): SetRequest {
  const rows = new Map<string, RowEdit>();
  const settings: { -readonly [K in keyof Settings]?: Settings[K] } = {};
  const request: { -readonly [K in keyof SetRequest]: SetRequest[K] } = { rows: [], settings };
  varBinds.forEach(({ oid, value }, i) => {
    const at = i + 1;
    const scalar = writable.find((candidate) => oidSuffix(oid, candidate.oid) !== undefined);
    if (scalar === undefined) {
      decodeCell(configTables, { oid, value }, at, rows);
      return;
    }
    if (scalar.access !== 'read-write') throw new SetError('notWritable', at);
    if (oidText(oid) !== oidText(instanceOf(scalar))) throw new SetError('noCreation', at);
    if (scalar === scalars.owner) request.owner = decode(scalars.owner, value, at);
    else if (scalar === scalars.ownerTimeout) request.ownerTimeout = decode(scalars.ownerTimeout, value, at);
    else if (scalar === scalars.label) request.label = decode(scalars.label, value, at);
    else if (scalar === scalars.action) request.action = { action: decodeAction(value, at), at };
    else if (scalar === scalars.edit) {
      if (request.edit !== undefined) throw new SetError('inconsistentValue', at);
      request.edit = { changes: decodeEdit(value, at), at };
    } else if (scalar === scalars.expectedDigest) request.expectedDigest = decodeDigest(value, at);
    else if (scalar === scalars.confirmTimeout) {
      request.confirmTimeout = decode(scalars.confirmTimeout, value, at);
    } else if (scalar === scalars.takeOver) request.takeOver = decode(scalars.takeOver, value, at);
    else if (scalar === scalars.auditInterval) {
      settings.auditInterval = decode(scalars.auditInterval, value, at);
    } else if (scalar === scalars.autoRepair) settings.autoRepair = decode(scalars.autoRepair, value, at);
    else if (scalar === notify.enable) settings.notifyEnable = decode(notify.enable, value, at);
    else if (scalar === notify.minInterval) {
      settings.notifyMinInterval = decode(notify.minInterval, value, at);
    }
  });
  request.rows = [...rows.values()];
  // Of one row both could say something, and nothing says which is first.
  if (request.edit !== undefined && rows.size > 0) throw new SetError('inconsistentValue', request.edit.at);
  return request;
}

/** The value of an object on the wire. @throws SetError */
export function decode<T>({ syntax }: Pick<Scalar<T>, 'syntax'>, value: SnmpValue, at: number): T {
  try {
    return syntax.decode(value);
  } catch (error) {
    throw error instanceof WireValueError ? new SetError(error.reason, at) : error;
  }
}

function decodeAction(value: SnmpValue, at: number): CfgAction {
  const action = decode(scalars.action, value, at);
  if (action === 'none') throw new SetError('wrongValue', at);
  return action;
}

function decodeEdit(value: SnmpValue, at: number): RowChange[] {
  const octets = decode(scalars.edit, value, at);
  try {
    return unpackEdit(octets);
  } catch (error) {
    throw error instanceof NetmgrError ? new SetError('wrongValue', at) : error;
  }
}

function decodeDigest(value: SnmpValue, at: number): Uint8Array {
  const digest = decode(scalars.expectedDigest, value, at);
  if (digest.length !== 0 && digest.length !== 32) throw new SetError('wrongLength', at);
  return digest;
}

/**
 * Adds what one varbind says of a row of one of the tables to the edits, which are by the names of their rows.
 *
 * @param at the place of the varbind, from 1
 * @throws SetError
 */
export function decodeCell(
  tables: readonly TableDefinition[],
  { oid, value }: VarBind,
  at: number,
  rows: Map<string, RowEdit>,
): void {
  const table = tables.find(({ entry }) => oidSuffix(oid, entry) !== undefined);
  if (table === undefined) throw new SetError('notWritable', at);
  const [columnId, ...index] = oid.slice(table.entry.length);
  const column = columnId === undefined ? undefined : columnById(table, columnId);
  if (column === undefined && columnId !== table.rowStatus) throw new SetError('notWritable', at);
  const key = decodeIndex(table, index);
  if (key === undefined) throw new SetError('noCreation', at);

  const name = `${oidText(table.entry)}.${oidText(index)}`;
  let row = rows.get(name);
  if (row === undefined) rows.set(name, (row = { table, index, key, cells: {}, at }));
  if (column === undefined) {
    row.status = decodeRowStatus(value, at);
  } else {
    const [columnName, definition] = column;
    row.cells[columnName] = decode(definition, value, at);
  }
}

function decodeRowStatus(value: SnmpValue, at: number): number {
  if (value.type !== 'Integer32') throw new SetError('wrongType', at);
  const known: readonly number[] = Object.values(ROW_STATUS);
  if (!known.includes(value.value)) throw new SetError('wrongValue', at);
  return value.value;
}
