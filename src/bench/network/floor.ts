import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Step } from '../lab/step.js';

/** What `netmgr plan --commands --json` prints, as far as it is needed here. */
interface Plan {
  readonly hosts: readonly {
    readonly commands: readonly { readonly command: string; readonly input: string }[];
  }[];
}

/**
 * The floor: what an agent would run, as steps that run the tools themselves, each once with the same input. What the agent
 * reads before and after, SNMP and the files cost nothing here.
 *
 * @param plan the file of a plan of one host
 */
export async function floorSteps(directory: string, plan: string): Promise<Step[]> {
  const { hosts } = JSON.parse(await readFile(plan, 'utf8')) as Plan;
  const steps: Step[] = [];
  for (const { command, input } of hosts.flatMap(({ commands }) => commands)) {
    // None of their arguments has a blank in it.
    const [tool = '', ...args] = command.split(' ');
    const stdin = join(directory, `${basename(plan)}-${String(steps.length)}.${tool}`);
    await writeFile(stdin, input);
    steps.push({ argv: [tool, ...args], stdin });
  }
  return steps;
}
