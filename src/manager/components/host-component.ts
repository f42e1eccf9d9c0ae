import type { Configuration } from '../../mib/configuration.js';
import type { Host } from '../model/host.js';
import type { Candidate } from '../snmp/candidate.js';
import { CommonComponents } from './common-components.js';
import type { Component, TableRow } from './component.js';
import { Owners } from './owners.js';

const NOTHING_IN_COMMON = new CommonComponents([]);

/** All that is wanted of one host. */
export class HostComponent {
  readonly path: string;
  /** What is wanted, as the host's agent is to run it. */
  readonly configuration: Configuration;
  readonly #owners: Owners;

  /** @param common those of the components that other hosts have too */
  constructor(
    readonly host: Host,
    readonly components: readonly Component[],
    private readonly common = NOTHING_IN_COMMON,
  ) {
    this.path = host.name;
    this.configuration = common.configuration.clone();
    const own = components.filter((component) => !common.has(component));
    own.forEach((component) => {
      component.addTo(this.configuration);
    });
    this.#owners = new Owners(own);
  }

  /** The component that a row belongs to. */
  componentOf(row: TableRow): Component | undefined {
    return this.#owners.of(row) ?? this.common.owners.of(row);
  }

  /** Makes the candidate what is wanted: the components' rows, and no others. */
  async apply(candidate: Candidate): Promise<void> {
    await candidate.become(this.configuration);
  }
}
