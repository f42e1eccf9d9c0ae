import { VM_OBJECTS } from '../objects.js';
import {
  adminString,
  counter64,
  enumeration,
  INT32_MAX,
  integer,
  octets,
  timeStamp,
  unsignedIndex,
} from '../syntax.js';
import { column, defineTable, sparseColumn, type RowOf } from '../table.js';

/** VirtualMachineIndex and VirtualMachineNetworkIndex (RFC 7666). */
export const virtualMachineIndex = unsignedIndex(1, INT32_MAX);

const UUID_OCTETS = 16;
/** −1 is no limit. */
const limit = integer(-1);

/** vmTable of VM-MIB (RFC 7666): the virtual machines that are known to the hypervisor. */
export const vmTable = defineTable({
  name: 'vm',
  entry: [...VM_OBJECTS, 4, 1],
  index: { index: virtualMachineIndex },
  columns: {
    name: column(2, adminString(0, 255)),
    /** No octets where there is none. */
    UUID: column(3, octets(0, UUID_OCTETS)),
    OSType: column(4, adminString(0, 255)),
    adminState: sparseColumn(5, enumeration({ running: 1, suspended: 2, paused: 3, shutdown: 4 })),
    operState: column(
      6,
      enumeration({
        unknown: 1,
        other: 2,
        preparing: 3,
        running: 4,
        suspending: 5,
        suspended: 6,
        resuming: 7,
        paused: 8,
        migrating: 9,
        shuttingdown: 10,
        shutdown: 11,
        crashed: 12,
      }),
    ),
    autoStart: column(7, enumeration({ unknown: 1, enabled: 2, disabled: 3 })),
    persistent: column(8, enumeration({ unknown: 1, persistent: 2, transient: 3 })),
    curCpuNumber: sparseColumn(9, integer(0)),
    minCpuNumber: sparseColumn(10, limit),
    maxCpuNumber: sparseColumn(11, limit),
    /** Octets that the three after it count. */
    memUnit: sparseColumn(12, integer(1)),
    curMem: sparseColumn(13, integer(0)),
    minMem: sparseColumn(14, limit),
    maxMem: sparseColumn(15, limit),
    /** Hundredths of a second. */
    upTime: sparseColumn(16, timeStamp),
    /** Microseconds. */
    cpuTime: sparseColumn(17, counter64),
  },
});

export type VmRow = RowOf<typeof vmTable>;
