import { Configuration } from '../../mib/configuration.js';
import { oidText } from '../../mib/oid.js';
import { encodeIndex } from '../../mib/table.js';
import type { Host } from '../model/host.js';
import { diffConfigurations } from '../plan/diff-configurations.js';
import type { Candidate } from '../snmp/candidate.js';
import type { Component, TableRow } from './component.js';

/** All that is wanted of one host. */
export class HostComponent {
  readonly path: string;
  /** What is wanted, as the host's agent is to run it. */
  readonly configuration: Configuration;
  readonly #owners = new Map<string, Component>();

  constructor(
    readonly host: Host,
    readonly components: readonly Component[],
  ) {
    this.path = host.name;
    this.configuration = new Configuration();
    for (const component of components) {
      for (const { table, row } of component.rows) {
        this.configuration.set(table, row as never);
        this.#owners.set(rowKey({ table, row }), component);
      }
    }
  }

  /** The component that a row belongs to. */
  componentOf(row: TableRow): Component | undefined {
    return this.#owners.get(rowKey(row));
  }

  /** Makes the candidate what is wanted: the components' rows, and no others. */
  async apply(candidate: Candidate): Promise<void> {
    for (const component of this.components) component.apply(candidate);
    for (const { table, before, after } of diffConfigurations(candidate.observed, this.configuration)) {
      if (before !== undefined && after === undefined) candidate.remove({ table, row: before });
    }
    await candidate.flush();
  }
}

function rowKey({ table, row }: TableRow): string {
  return `${oidText(table.entry)}:${oidText(encodeIndex(table, row))}`;
}
