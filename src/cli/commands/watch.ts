import { Command, InvalidArgumentError } from 'commander';
import { Notices } from '../output/notices.js';
import { uninterrupted } from '../uninterrupted.js';
import { loadManager } from './load-manager.js';
import { addManagerOptions, managerOptions, type ManagerFlags } from './manager-options.js';

const MILLISECONDS = 1000;
/** Agents read their kernels once a second. */
const DEFAULT_INTERVAL = 2;
const LONGEST_INTERVAL = 3600;
/** Of an output that is no terminal. */
const LINES = 40;

interface WatchFlags extends ManagerFlags {
  readonly interval: number;
  readonly count?: number;
}

export function watchCommand(): Command {
  return addManagerOptions(
    new Command('watch')
      .description('Show what passes the links, live. Nothing is changed.')
      .argument('<real>', 'the real-environment file')
      .argument('[virtual]', 'the virtual-environment file, for the names of nodes'),
  )
    .option('--interval <s>', 'seconds from one look to the next', whole(LONGEST_INTERVAL), DEFAULT_INTERVAL)
    .option('--count <n>', 'end after so many looks', whole(Number.MAX_SAFE_INTEGER))
    .addHelpText(
      'after',
      `
Of each way what its link lets through, what passes now, what share of the limit that is,
drops, and the round trip that verify or a probe has measured last; the busiest first.
Ctrl-C ends it.

Examples:
  netmgr watch real.xml virtual.xml
  netmgr watch real.xml virtual.xml --json --interval 5 >> traffic.jsonl`,
    )
    .action(async (real: string, virtual: string | undefined, flags: WatchFlags) => {
      const notices = new Notices();
      const manager = await loadManager(real, virtual, managerOptions(flags, notices));
      const { watchJson, watchText } = await import('../output/watch-text.js');
      const { formatTable } = await import('../output/table.js');
      const { createLogUpdate } = await import('log-update');
      const { stdout } = process;
      const isScreen = stdout.isTTY && flags.json !== true;
      const screen = createLogUpdate(stdout);
      notices.printWarnings();
      const enough = new AbortController();
      let looks = 0;
      await uninterrupted(
        (signal) =>
          manager.monitor({
            signal: AbortSignal.any([signal, enough.signal]),
            interval: flags.interval * MILLISECONDS,
            onState: (state) => {
              if (flags.json === true) stdout.write(`${watchJson(state)}\n`);
              else if (isScreen) screen(watchText(state, stdout.rows, formatTable));
              else stdout.write(`${watchText(state, LINES, formatTable)}\n\n`);
              looks += 1;
              if (looks === flags.count) enough.abort();
            },
          }),
        'ended',
      );
      if (isScreen) screen.done();
    });
}

const whole =
  (most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^[0-9]{1,9}$/.test(text) && value >= 1 && value <= most) return value;
    throw new InvalidArgumentError('Give a whole number, 1 at least.');
  };
