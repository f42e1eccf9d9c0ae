import { Command } from 'commander';
import { Notices } from '../output/notices.js';
import { uninterrupted } from '../uninterrupted.js';
import { loadManager } from './load-manager.js';
import { addManagerOptions, managerOptions, type ManagerFlags } from './manager-options.js';
import { wholeNumber } from './whole-number.js';

const MILLISECONDS = 1000;
/** Agents read their kernels once a second. */
const DEFAULT_INTERVAL = 2;
const LONGEST_INTERVAL = 3600;

interface WatchFlags extends ManagerFlags {
  readonly interval: number;
  readonly count?: number;
  readonly listen?: string;
}

export function watchCommand(): Command {
  return addManagerOptions(
    new Command('watch')
      .description('Show what passes the links, live. Nothing is changed.')
      .argument('<real>', 'the real-environment file')
      .argument('[virtual]', 'the virtual-environment file, for the names of nodes'),
  )
    .option(
      '--interval <s>',
      'seconds from one look to the next',
      wholeNumber(1, LONGEST_INTERVAL),
      DEFAULT_INTERVAL,
    )
    .option('--count <n>', 'end after so many looks', wholeNumber(1))
    .option('--listen <address>', 'receive notifications of the agents, such as at udp:10.0.0.5:162')
    .addHelpText(
      'after',
      `
Of each way what its link lets through, what passes now, what share of the
limit that is, drops, and the round trip that verify or a probe has measured
last; the busiest first. Ctrl-C ends it.

Notifications come from agents that run with --notify or --inform and this
address, as their user that may only read. The real file needs credentials of
that user, too:
  <credentials name="reader" user="nms" auth="SHA-256" priv="AES-128"
               from="env:NMS"/>

Examples:
  netmgr watch real.xml virtual.xml
  netmgr watch real.xml virtual.xml --listen udp:10.0.0.5:162
  netmgr watch real.xml virtual.xml --json --interval 5 >> traffic.jsonl`,
    )
    .action(async (real: string, virtual: string | undefined, flags: WatchFlags) => {
      const notices = new Notices();
      const manager = await loadManager(real, virtual, managerOptions(flags, notices));
      const { openWatchScreen } = await import('../output/watch-screen.js');
      notices.printWarnings();
      const { listen } = flags;
      const screen = openWatchScreen(flags.json === true, listen !== undefined);
      const news =
        listen === undefined ? undefined : await manager.receiveNews({ listen, ...screen.newsListener });
      if (news !== undefined)
        process.stderr.write(`notifications: ${listen ?? ''}, engine ID 0x${news.engineId}\n`);
      const enough = new AbortController();
      // Who read it, such as head, reads no more.
      process.stdout.once('error', () => enough.abort());
      let looks = 0;
      try {
        await uninterrupted(
          (signal) =>
            manager.monitor({
              signal: AbortSignal.any([signal, enough.signal]),
              interval: flags.interval * MILLISECONDS,
              onState: (state) => {
                screen.show(state);
                looks += 1;
                if (looks === flags.count) enough.abort();
              },
            }),
          'ended',
        );
      } finally {
        news?.close();
        screen.close();
      }
    });
}
