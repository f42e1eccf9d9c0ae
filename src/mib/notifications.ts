import { cfgScalars, type CfgScalars } from './cfg-scalars.js';
import { NETEMU_MIB, SNMP_TRAP_OID } from './objects.js';
import { oidSuffix, oidText } from './oid.js';
import { instanceOf, type Scalar } from './scalar.js';
import { decodeIndex, encodeIndex, type Column } from './table.js';
import { WireValueError } from './syntax.js';
import type { Oid, SnmpValue, VarBind } from './value.js';
import { vifStateTable, type VifStateRow } from './vif-state-table.js';

/** What netmgr's agents notify of netemuCfg, each with the scalars that it carries, in their order. */
const OF_CFG = {
  commitDone: [1, 'generation', 'runningDigest', 'runningLabel', 'owner'],
  commitFailed: [2, 'result', 'errorCount', 'resultText', 'label', 'owner'],
  driftDetected: [3, 'driftCount', 'generation'],
  driftCleared: [4, 'generation'],
} as const satisfies Record<string, readonly [number, ...(keyof CfgScalars)[]]>;

const OF_VIF = [5, 'oper', 'ifIndex', 'lastError'] as const;

type CfgName = keyof typeof OF_CFG;

/** A notification as it is sent (RFC 3416 section 4.2.6, without sysUpTime and snmpTrapOID). */
export interface Notification {
  readonly oid: Oid;
  readonly varBinds: readonly VarBind[];
}

type VifFailed = Pick<VifStateRow, 'vif' | 'oper' | 'ifIndex' | 'lastError'>;
type CfgNews = {
  readonly [N in CfgName]: { readonly name: N } & Pick<
    CfgScalars,
    Extract<(typeof OF_CFG)[N][number], keyof CfgScalars>
  >;
}[CfgName];

/** What a notification says. */
export type News = CfgNews | ({ readonly name: 'vifFailed' } & VifFailed);

const oidOf = (id: number): Oid => [...NETEMU_MIB, 0, id];

const scalarOf = (key: keyof CfgScalars): Scalar<unknown> => cfgScalars.scalars[key] as Scalar<unknown>;
const columnOf = (key: keyof VifFailed & keyof typeof vifStateTable.columns): Column<unknown> =>
  vifStateTable.columns[key] as Column<unknown>;

/** The notification of this name. @param values of netemuCfg at this moment */
export function cfgNotification(name: CfgName, values: CfgScalars): Notification {
  const [id, ...keys] = OF_CFG[name];
  return {
    oid: oidOf(id),
    varBinds: keys.map((key) => {
      const scalar = scalarOf(key);
      return { oid: instanceOf(scalar), value: scalar.syntax.encode(values[key]) };
    }),
  };
}

/** netemuVifFailed. */
export function vifFailed(row: VifFailed): Notification {
  const [id, ...keys] = OF_VIF;
  return {
    oid: oidOf(id),
    varBinds: keys.map((key) => {
      const { id: columnId, syntax } = columnOf(key);
      return {
        oid: [...vifStateTable.entry, columnId, ...encodeIndex(vifStateTable, row)],
        value: syntax.encode(row[key]),
      };
    }),
  };
}

/**
 * What a received notification says.
 *
 * @param varBinds all of them, sysUpTime and snmpTrapOID first
 * @returns undefined if it is none of netmgr's, such as the coldStart of snmpd
 * @throws WireValueError for one that lacks something, or has a value that its object cannot have
 */
export function readNotification(varBinds: readonly VarBind[]): News | undefined {
  const trap = varBinds.find(({ oid }) => isSame(oid, SNMP_TRAP_OID))?.value;
  if (trap?.type !== 'ObjectIdentifier') return undefined;
  if (isSame(trap.value, oidOf(OF_VIF[0]))) return { name: 'vifFailed', ...readVif(varBinds) };
  const name = (Object.keys(OF_CFG) as CfgName[]).find((each) => isSame(trap.value, oidOf(OF_CFG[each][0])));
  if (name === undefined) return undefined;
  const [, ...keys] = OF_CFG[name];
  const values = keys.map((key) => {
    const { oid, syntax } = scalarOf(key);
    return [key, syntax.decode(valueAt(varBinds, instanceOf({ oid })))] as const;
  });
  return { name, ...Object.fromEntries(values) } as unknown as News;
}

/** The vif is that of the first column; the others are of the same row. */
function readVif(varBinds: readonly VarBind[]): VifFailed {
  const [, ...keys] = OF_VIF;
  const columns = keys.map((key) => ({ key, ...columnOf(key) }));
  const index = varBinds
    .map(({ oid }) => oidSuffix(oid, [...vifStateTable.entry, columns[0]?.id ?? 0]))
    .find((suffix) => suffix !== undefined);
  const row = index === undefined ? undefined : decodeIndex(vifStateTable, index);
  if (index === undefined || row === undefined) throw lacking('a vif');
  const values = columns.map(({ key, id, syntax }) => [
    key,
    syntax.decode(valueAt(varBinds, [...vifStateTable.entry, id, ...index])),
  ]);
  return { ...row, ...(Object.fromEntries(values) as object) } as VifFailed;
}

function valueAt(varBinds: readonly VarBind[], instance: Oid): SnmpValue {
  const found = varBinds.find(({ oid }) => isSame(oid, instance));
  if (found === undefined) throw lacking(oidText(instance));
  return found.value;
}

const lacking = (what: string): WireValueError =>
  new WireValueError('wrongValue', `a notification of netmgr lacks ${what}`);

const isSame = (a: Oid, b: Oid): boolean => oidSuffix(a, b)?.length === 0;
