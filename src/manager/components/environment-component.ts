import type { HostComponent } from './host-component.js';

/** All that is wanted of all hosts. */
export class EnvironmentComponent {
  constructor(
    readonly name: string,
    readonly hosts: readonly HostComponent[],
  ) {}
}
