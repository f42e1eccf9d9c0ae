import { NETEMU_CFG } from './objects.js';
import {
  adminString,
  enumeration,
  interfaceNameOrEmpty,
  pointer,
  unsignedIndex,
  UINT32_MAX,
} from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';

/** netemuErrorTable: what went wrong in the last action. */
export const errorTable = defineTable({
  name: 'netemuError',
  entry: [...NETEMU_CFG, 25, 1],
  index: { index: unsignedIndex(1, UINT32_MAX) },
  columns: {
    /** The instance of a configuration object the error is about. */
    object: column(2, pointer),
    code: column(
      3,
      enumeration({
        other: 1,
        badValue: 2,
        notSupported: 3,
        noSuchInterface: 4,
        noSuchBridge: 5,
        missingReference: 6,
        digestMismatch: 7,
        kernelRefused: 8,
        toolMissing: 9,
        permission: 10,
        timeout: 11,
        conflict: 12,
        guestUnreachable: 13,
        resource: 14,
      }),
    ),
    severity: column(4, enumeration({ error: 1, warning: 2 })),
    vif: column(5, interfaceNameOrEmpty),
    text: column(6, adminString(0, 255)),
  },
});

export type ErrorRow = RowOf<typeof errorTable>;
export type ErrorCode = ErrorRow['code'];
