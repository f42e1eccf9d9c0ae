import type { DiscoverOptions, DiscoveryTarget } from '../../manager/discover/discover.js';
import { changeText, hostText } from '../output/discover-text.js';
import { errorBlock, withoutControls } from '../output/report-errors.js';
import { uninterrupted } from '../uninterrupted.js';

const MILLISECONDS = 1000;

/** Shows what changes on hosts, a line for each change, until it is ended. */
export async function watchDiscovery(
  targets: readonly DiscoveryTarget[],
  options: DiscoverOptions,
  { interval, json = false }: { readonly interval: number; readonly json?: boolean },
): Promise<void> {
  const { watchMachines } = await import('../../manager/discover/watch-machines.js');
  const say = (text: string, values: object): void => {
    const time = new Date().toISOString();
    process.stdout.write(
      json ? `${JSON.stringify({ time, ...values })}\n` : `${time.slice(11, 19)} ${text}\n`,
    );
  };
  const enough = new AbortController();
  // Who read it, such as head, reads no more.
  process.stdout.once('error', () => enough.abort());
  await uninterrupted(
    (signal) =>
      watchMachines(targets, options, {
        interval: interval * MILLISECONDS,
        signal: AbortSignal.any([signal, enough.signal]),
        onFirst: (host) => say(hostText(host), { change: 'first', host: host.name, machines: host.machines }),
        onChange: (change) => say(changeText(change), change),
        onFailure: ({ name, errors }) => {
          say(withoutControls(`${name}: cannot be asked`), { change: 'silent', host: name, errors });
          if (!json) for (const error of errors) process.stderr.write(`${errorBlock(error)}\n`);
        },
        onAnswer: (host) => say(withoutControls(`${host}: answers again`), { change: 'answers', host }),
      }),
    'ended',
  );
}
