import { NETMGR } from './in-lab.js';
import type { Step } from './step.js';

export const applyStep = (real: string, virtual: string): Step => ({
  argv: [...NETMGR, 'apply', real, virtual],
});

export const destroyStep = (real: string): Step => ({ argv: [...NETMGR, 'destroy', real] });

/** Writes to a file, as JSON, what an apply would have the agents run. */
export const planStep = (real: string, virtual: string, plan: string): Step => ({
  argv: [...NETMGR, 'plan', '--commands', '--json', real, virtual],
  ...{ stdout: plan, accept: [2] },
});
