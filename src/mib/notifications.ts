import { cfgScalars, type CfgScalars } from './cfg-scalars.js';
import { NETEMU_MIB } from './objects.js';
import { instanceOf, type Scalar } from './scalar.js';
import type { Column } from './table.js';
import { encodeIndex } from './table.js';
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

/** A notification as it is sent (RFC 3416 section 4.2.6, without sysUpTime and snmpTrapOID). */
export interface Notification {
  readonly oid: Oid;
  readonly varBinds: readonly VarBind[];
}

const oidOf = (id: number): Oid => [...NETEMU_MIB, 0, id];

/** The notification of this name. @param values of netemuCfg at this moment */
export function cfgNotification(name: keyof typeof OF_CFG, values: CfgScalars): Notification {
  const [id, ...keys] = OF_CFG[name];
  return {
    oid: oidOf(id),
    varBinds: keys.map((key) => {
      const scalar: Scalar<never> = cfgScalars.scalars[key] as never;
      return { oid: instanceOf(scalar), value: scalar.syntax.encode(values[key] as never) };
    }),
  };
}

/** netemuVifFailed. */
export function vifFailed(row: Pick<VifStateRow, 'vif' | 'oper' | 'ifIndex' | 'lastError'>): Notification {
  const [id, ...keys] = OF_VIF;
  return {
    oid: oidOf(id),
    varBinds: keys.map((key) => {
      const column: Column<never> = vifStateTable.columns[key] as never;
      return {
        oid: [...vifStateTable.entry, column.id, ...encodeIndex(vifStateTable, row)],
        value: column.syntax.encode(row[key] as never),
      };
    }),
  };
}
