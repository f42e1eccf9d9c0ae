import { Command, InvalidArgumentError } from 'commander';
import { messageOf } from '../../errors.js';
import { Duration } from '../../units/duration.js';
import { Notices } from '../output/notices.js';
import { uninterrupted } from '../uninterrupted.js';
import { loadManager } from './load-manager.js';
import { addManagerOptions, managerOptions, type ManagerFlags } from './manager-options.js';

/** Microseconds: agents read their kernels no more often than once a second. */
const SHORTEST_INTERVAL = 1_000_000;
const LONGEST_INTERVAL = 3_600_000_000;
const MICROSECONDS = 1000;

interface ServeFlags extends ManagerFlags {
  readonly listen: string;
  readonly tokenFile?: string;
  readonly hostName: readonly string[];
  readonly interval: Duration;
}

export function serveCommand(): Command {
  return addManagerOptions(
    new Command('serve')
      .description('Show what runs as a web page, as it is now. Nothing can be changed by it.')
      .argument('<real>', 'the real-environment file')
      .argument('[virtual]', 'the virtual-environment file, to see sites and to compare'),
  )
    .option('--listen <address>', 'address and port of the page', '127.0.0.1:8080')
    .option(
      '--token-file <file>',
      'a file of mode 0600 with a line token=…, which browsers have to show (default: $NETMGR_WEB_TOKEN)',
    )
    .option('--host-name <name>', 'a name by which browsers reach the page; again for more', collect, [])
    .option('--interval <time>', 'time from one reading of a host to the next', interval, seconds(1))
    .addHelpText(
      'after',
      `
It ends with Ctrl-C. Where others than this machine reach the address, a token is needed: open the page with ?token=…

Examples:
  netmgr serve fixtures/real-env/grid.xml fixtures/virtual-env/grid.xml
  netmgr serve real.xml virtual.xml --listen 0.0.0.0:8080 --token-file /root/netmgr.token`,
    )
    .action(async (real: string, virtual: string | undefined, flags: ServeFlags) => {
      const [{ parseListenAddress }, { readToken }, { serve }] = await Promise.all([
        import('../../web/server/listen-address.js'),
        import('../../web/server/access-token.js'),
        import('../../web/serve.js'),
      ]);
      const listen = parseListenAddress(flags.listen);
      const token = await readToken(flags.tokenFile);
      const notices = new Notices();
      const manager = await loadManager(real, virtual, managerOptions(flags, notices));
      const isJson = flags.json === true;
      if (!isJson) notices.printWarnings();
      await uninterrupted(
        (signal) =>
          serve(manager, {
            ...{ listen, token, hostNames: flags.hostName, signal },
            interval: flags.interval.microseconds / MICROSECONDS,
            onReady: (url) => {
              const ready = { ok: true, url, warnings: notices.warnings };
              process.stdout.write(isJson ? `${JSON.stringify(ready)}\n` : `${readyText(url, token)}\n`);
            },
          }),
        'ending',
      );
    });
}

function readyText(url: string, token: string | undefined): string {
  return token === undefined ? `open ${url}` : `open ${url}?token=… with the token`;
}

function interval(text: string): Duration {
  try {
    const duration = Duration.parse(text);
    const { microseconds } = duration;
    if (microseconds >= SHORTEST_INTERVAL && microseconds <= LONGEST_INTERVAL) return duration;
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
  throw new InvalidArgumentError('Give 1s to 3600s.');
}

const seconds = (count: number): Duration => Duration.ofMicroseconds(count * 1_000_000);

function collect(name: string, others: readonly string[]): string[] {
  return [...others, name];
}
