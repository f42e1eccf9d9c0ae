import type { Configuration } from '../../mib/configuration.js';
import type { HostComponent } from '../components/host-component.js';
import { diffConfigurations, type RowDifference } from './diff-configurations.js';

/** One row that would change, and the component it belongs to. */
export interface PlannedChange {
  readonly action: 'create' | 'update' | 'delete';
  /** The component's path; of what goes away, the table's name. */
  readonly path: string;
  readonly difference: RowDifference;
}

export interface HostPlan {
  readonly host: string;
  readonly changes: readonly PlannedChange[];
}

/** Compares what is wanted of a host with what its agent runs. */
export function planHost(component: HostComponent, observed: Configuration): HostPlan {
  const differences = diffConfigurations(observed, component.configuration);
  return {
    host: component.path,
    changes: differences.map((difference) => plannedChange(component, difference)),
  };
}

function plannedChange(component: HostComponent, difference: RowDifference): PlannedChange {
  const { table, before, after } = difference;
  const path = after === undefined ? undefined : component.componentOf({ table, row: after })?.path;
  const action = before === undefined ? 'create' : after === undefined ? 'delete' : 'update';
  return { action, path: path ?? table.name, difference };
}
