import { Configuration } from '../../mib/configuration.js';
import { vifTable } from '../../mib/vif-table.js';
import { changedMachines } from './desired-machine.js';
import type { Binding } from './binding.js';
import type { Scope } from './read-host.js';

/** The vifs of both, of which the second says more about those that both have. */
export function unionOf(from: Configuration, to: Configuration): Configuration {
  if (from === to) return to;
  const union = new Configuration();
  for (const row of [...from.rows(vifTable), ...to.rows(vifTable)]) union.set(vifTable, row);
  return union;
}

/** What differs between two configurations, and so may have to change. */
export function changesBetween(running: Configuration, target: Configuration): Scope {
  return {
    vifs: [...new Set([...vifsOf(running), ...vifsOf(target)])],
    machines: changedMachines(running, target),
    tolerant: false,
    everywhere: false,
  };
}

/** Everything that either configuration names, and whatever bears netmgr's mark. */
export function everythingOf(from: Configuration, to: Configuration): Scope {
  return {
    vifs: [...new Set([...vifsOf(from), ...vifsOf(to)])],
    machines: new Set([...machinesOf(from), ...machinesOf(to)]),
    tolerant: true,
    everywhere: true,
  };
}

/** Those whose insides are netmgr's. */
function machinesOf(configuration: Configuration): string[] {
  return configuration
    .rows(vifTable)
    .filter(({ addressing }) => addressing === 'netmgr')
    .map(({ vmName }) => vmName);
}

/** The names of its vifs. */
export function vifsOf(configuration: Configuration): string[] {
  return configuration.rows(vifTable).map(({ vif }) => vif);
}

/** Tells what is wanted of which interfaces. */
export const wordsOf = (binding: Binding, configuration: Configuration): string =>
  `${configuration.digest().toString('hex')}\n${binding.keyOf(configuration)}`;
