import type { LabHost, LabLayout } from './layout.js';

/** How much stands in some layouts, for people. */
export function sizeOf(hosts: readonly LabHost[], layouts: readonly LabLayout[]): string {
  const namespaces = layouts.reduce((sum, layout) => sum + layout.namespaces.length, 0);
  return `${String(hosts.length)} hosts, ${String(namespaces - hosts.length)} machines`;
}
