import { NETEMU_STATE } from './objects.js';
import { adminString, interfaceNameOrEmpty } from './syntax.js';
import { column, defineTable, type RowOf } from './table.js';
import { virtualMachineIndex } from './vm/vm-table.js';

/** netemuMachineVifTable: the interfaces of the machines that are on the host, whether they are configured or not. */
export const machineVifTable = defineTable({
  name: 'netemuMachineVif',
  entry: [...NETEMU_STATE, 14, 1],
  index: { vmIndex: virtualMachineIndex, networkIndex: virtualMachineIndex },
  columns: {
    /** As vmName of VM-MIB. */
    vmName: column(3, adminString(0, 255)),
    /** The interface of the host; empty if there is none that could be shaped. */
    name: column(4, interfaceNameOrEmpty),
    /** Empty if it is at none. */
    bridge: column(5, interfaceNameOrEmpty),
    /** What stands in the way of managing it, with what to do; empty: nothing. */
    obstacle: column(6, adminString(0, 255)),
    /** What else the machine goes by, separated by spaces. */
    aliases: column(7, adminString(0, 255)),
  },
});

export type MachineVifRow = RowOf<typeof machineVifTable>;
