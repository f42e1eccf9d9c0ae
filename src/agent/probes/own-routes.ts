import type { IpVersion } from '../../units/ip-network.js';
import type { CommandOutput, Run } from '../../process/run.js';
import { expectInterfaceName } from '../kernel/names.js';
import { failedLines, runBatch } from '../kernel/run-batch.js';

/** A table of routes of a machine that holds a default route over a device alone, and the rule that leads there. */
export interface OwnRoutes {
  readonly table: string;
  /** Of the rule, by which it is told from all others. */
  readonly preference: string;
  /** What the rule is about, as ip-rule(8) takes it; everything if it is empty. */
  readonly selector: string;
}

/**
 * Gives a machine rules and tables of routes more, with one process. What an agent that was killed left there is taken over.
 *
 * @param run runs commands inside the machine
 * @throws NetmgrError `CommandFailed`; nothing of them is there then
 */
export async function makeRoutes(
  run: Run,
  version: IpVersion,
  device: string,
  routes: readonly OwnRoutes[],
): Promise<void> {
  const ip = ['ip', `-${String(version)}`] as const;
  const to = `default dev ${expectInterfaceName(device)}`;
  const make = linesOf(routes, ({ table, preference, selector }) => [
    `route add ${to} table ${table}`,
    `rule add pref ${preference} ${selector}table ${table}`,
  ]);
  const remove = removalOf(routes);
  const force = (input: string): Promise<CommandOutput> =>
    run([...ip, '-force', '-batch', '-'], { input, accept: [0, 1, 2] });
  try {
    // To remove fails where nothing was left, as it should be.
    if (isMade(await force(remove + make), remove)) return;
    await force(remove);
    // Once more, for its words alone.
    await runBatch(run, [...ip, '-batch', '-'], make);
  } catch (error) {
    await force(remove);
    throw error;
  }
}

/** Takes away what {@link makeRoutes} made. @throws NetmgrError `CommandFailed` if it cannot be taken away, or is not there */
export async function removeRoutes(
  run: Run,
  version: IpVersion,
  routes: readonly OwnRoutes[],
): Promise<void> {
  await run(['ip', `-${String(version)}`, '-batch', '-'], { input: removalOf(routes) });
}

const removalOf = (routes: readonly OwnRoutes[]): string =>
  linesOf(routes, ({ table, preference }) => [`rule del pref ${preference}`, `route flush table ${table}`]);

const linesOf = (routes: readonly OwnRoutes[], of: (routes: OwnRoutes) => readonly string[]): string =>
  routes
    .flatMap(of)
    .map((line) => `${line}\n`)
    .join('');

/** Whether none of the lines failed but those that remove. */
function isMade({ exitCode, stderr }: CommandOutput, remove: string): boolean {
  const failed = failedLines(stderr);
  const removing = remove.split('\n').length - 1;
  return exitCode === 0 || (failed.length > 0 && failed.every((line) => line <= removing));
}
