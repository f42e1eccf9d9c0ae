import type { NetmgrError } from '../../errors.js';
import type { HostComponent } from './host-component.js';

/** All that is wanted of all hosts. */
export class EnvironmentComponent {
  constructor(
    readonly name: string,
    readonly hosts: readonly HostComponent[],
    /** What of it the hosts and the network between them may not give. */
    readonly warnings: readonly NetmgrError[] = [],
  ) {}
}
