import type { Change } from '../plan/join-changes.js';
import type { HostPlan } from './plan-environment.js';

/** What an apply would do. */
export interface EnvironmentPlan {
  /** The name of the virtual environment; empty: everything would be removed. */
  readonly environment: string;
  /** What would change, in the words of the files. */
  readonly changes: readonly Change[];
  /** The same host by host, and what would be repaired besides. */
  readonly hosts: readonly HostPlan[];
}

/** Whether an apply would do nothing. */
export function isEmptyPlan({ hosts }: EnvironmentPlan): boolean {
  return hosts.every(
    ({ rows, repairs, isHalfway, isUnconfirmed }) =>
      rows === 0 && repairs.length === 0 && !isHalfway && !isUnconfirmed,
  );
}
