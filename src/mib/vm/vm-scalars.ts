import { VM_OBJECTS } from '../objects.js';
import { scalarsBelow, type ScalarsOf } from '../scalar.js';
import { adminString, integer, pointer, timeStamp, truthValue } from '../syntax.js';

const ofHypervisor = scalarsBelow([...VM_OBJECTS, 1]).readOnly;
const { readOnly } = scalarsBelow(VM_OBJECTS);

/** The scalars of VM-MIB (RFC 7666). All are read-only here, as its vmReadOnlyCompliances permits. */
export const vmScalars = {
  name: 'vm',
  oid: VM_OBJECTS,
  scalars: {
    hvSoftware: ofHypervisor(1, adminString(0, 255)),
    hvVersion: ofHypervisor(2, adminString(0, 255)),
    hvObjectID: ofHypervisor(3, pointer),
    /** Hundredths of a second. */
    hvUpTime: ofHypervisor(4, timeStamp),
    number: readOnly(2, integer(0)),
    /** vmHvUpTime when a machine came or went last. */
    tableLastChange: readOnly(3, timeStamp),
    perVMNotificationsEnabled: readOnly(9, truthValue),
    bulkNotificationsEnabled: readOnly(10, truthValue),
  },
} as const;

export type VmScalars = ScalarsOf<typeof vmScalars.scalars>;
