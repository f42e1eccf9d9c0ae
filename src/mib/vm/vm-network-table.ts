import { VM_OBJECTS } from '../objects.js';
import { adminString, integer, physAddress } from '../syntax.js';
import { column, defineTable, type RowOf } from '../table.js';
import { virtualMachineIndex } from './vm-table.js';

/** vmNetworkTable of VM-MIB (RFC 7666): the network interfaces of virtual machines. */
export const vmNetworkTable = defineTable({
  name: 'vmNetwork',
  entry: [...VM_OBJECTS, 8, 1],
  index: { vmIndex: virtualMachineIndex, index: virtualMachineIndex },
  columns: {
    /** The interface of the host that leads to the machine's; 0 is none. */
    ifIndex: column(2, integer(0)),
    /** The interface of the host that the one of `ifIndex` sits on, as a macvtap does; 0 is none. */
    parent: column(3, integer(0)),
    model: column(4, adminString(0, 255)),
    /** Of the machine's end. */
    physAddress: column(5, physAddress),
  },
});

export type VmNetworkRow = RowOf<typeof vmNetworkTable>;
