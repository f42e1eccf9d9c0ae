import type { IpVersion } from '../../units/ip-network.js';
import type { CommandOutput, Run } from '../../process/run.js';
import { expectInterfaceName } from '../kernel/names.js';
import { failedLines, runBatch } from '../kernel/run-batch.js';

/** How many lines remove; those behind them add. */
const REMOVING = 2;

/** A table of routes of a machine that holds a default route over a device alone, and the rule that leads there. */
export interface OwnRoutes {
  readonly version: IpVersion;
  readonly device: string;
  readonly table: string;
  /** Of the rule, by which it is told from all others. */
  readonly preference: string;
  /** What the rule is about, as ip-rule(8) takes it; everything if it is empty. */
  readonly selector: string;
}

/**
 * Does work while a machine has a rule and a table of routes more, and takes both away. What an agent that was killed left
 * there is taken over and taken away.
 *
 * @param run runs commands inside the machine; one such work per machine, table and IP version at a time
 * @throws NetmgrError `CommandFailed`, also if the rule or table cannot be taken away
 */
export async function withRoutes<T>(
  run: Run,
  { version, device, table, preference, selector }: OwnRoutes,
  work: () => Promise<T>,
): Promise<T> {
  const ip = ['ip', `-${String(version)}`] as const;
  const route = `route add default dev ${expectInterfaceName(device)} table ${table}\n`;
  const rule = `rule add pref ${preference} ${selector}table ${table}\n`;
  const remove = `rule del pref ${preference}\nroute flush table ${table}\n`;
  const force = (input: string): Promise<CommandOutput> =>
    run([...ip, '-force', '-batch', '-'], { input, accept: [0, 1, 2] });
  try {
    // To remove fails where nothing was left, as it should be.
    if (!isMade(await force(remove + route + rule))) {
      await force(remove);
      // Once more, for its words alone.
      await runBatch(run, [...ip, '-batch', '-'], route + rule);
    }
  } catch (error) {
    await force(remove);
    throw error;
  }
  try {
    return await work();
  } finally {
    await run([...ip, '-batch', '-'], { input: remove });
  }
}

function isMade({ exitCode, stderr }: CommandOutput): boolean {
  const failed = failedLines(stderr);
  return exitCode === 0 || (failed.length > 0 && failed.every((line) => line <= REMOVING));
}
