import { cfgScalars, type CfgScalars } from './cfg-scalars.js';
import { NETEMU_MIB, SNMP_TRAP_OID } from './objects.js';
import { oidSuffix } from './oid.js';
import { instanceOf, type Scalar } from './scalar.js';
import { decodeIndex, encodeIndex, type Column } from './table.js';
import type { Oid, VarBind } from './value.js';
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
 * @throws WireValueError for a value that its object cannot have
 */
export function readNotification(varBinds: readonly VarBind[]): News | undefined {
  const trap = varBinds.find(({ oid }) => isSame(oid, SNMP_TRAP_OID))?.value;
  if (trap?.type !== 'ObjectIdentifier') return undefined;
  if (isSame(trap.value, oidOf(OF_VIF[0]))) return readVifFailed(varBinds);
  const name = (Object.keys(OF_CFG) as CfgName[]).find((each) => isSame(trap.value, oidOf(OF_CFG[each][0])));
  if (name === undefined) return undefined;
  const [, ...keys] = OF_CFG[name];
  const values = keys.map((key) => {
    const scalar = scalarOf(key);
    const found = varBinds.find(({ oid }) => isSame(oid, instanceOf(scalar)));
    return found === undefined ? undefined : ([key, scalar.syntax.decode(found.value)] as const);
  });
  // One without all that belongs to it is none of ours.
  if (values.some((value) => value === undefined)) return undefined;
  return { name, ...Object.fromEntries(values.filter((value) => value !== undefined)) } as unknown as News;
}

function readVifFailed(varBinds: readonly VarBind[]): News | undefined {
  const [, ...keys] = OF_VIF;
  const row: Record<string, unknown> = {};
  for (const key of keys) {
    const { id, syntax } = columnOf(key);
    for (const { oid, value } of varBinds) {
      const index = oidSuffix(oid, [...vifStateTable.entry, id]);
      if (index !== undefined)
        Object.assign(row, decodeIndex(vifStateTable, index), { [key]: syntax.decode(value) });
    }
  }
  const isWhole = ['vif', ...keys].every((key) => key in row);
  return isWhole ? ({ name: 'vifFailed', ...row } as unknown as News) : undefined;
}

const isSame = (a: Oid, b: Oid): boolean => oidSuffix(a, b)?.length === 0;
