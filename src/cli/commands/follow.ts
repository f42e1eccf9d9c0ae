import { Command } from 'commander';
import { clusteredHosts } from '../../manager/model/clusters.js';
import { NetmgrError } from '../../errors.js';
import { Notices } from '../output/notices.js';
import { reportErrors, withoutControls } from '../output/report-errors.js';
import { uninterrupted } from '../uninterrupted.js';
import { loadManager } from './load-manager.js';
import { addApplyOptions, applyOptions, type ApplyFlags } from './manager-options.js';
import { wholeNumber } from './whole-number.js';

const MILLISECONDS = 1000;
const DEFAULT_INTERVAL = 1;
const LONGEST_INTERVAL = 3600;

interface FollowFlags extends ApplyFlags {
  readonly interval: number;
}

export function followCommand(): Command {
  return addApplyOptions(
    new Command('follow')
      .description('Apply, and again whenever machines have moved to other hosts of their cluster.')
      .argument('<real>', 'the real-environment file; its hosts have a cluster')
      .argument('<virtual>', 'the virtual-environment file'),
  )
    .option(
      '--interval <s>',
      'seconds from one look to the next',
      wholeNumber(1, LONGEST_INTERVAL),
      DEFAULT_INTERVAL,
    )
    .addHelpText(
      'after',
      `
The agents of a cluster give a machine that comes its isolation, shapes and
addresses by themselves, whether or not this runs. Overlays (VXLAN) have to be
told on all hosts where it is now: that is what this does. Ctrl-C ends it.

With --json one object a line: moves, applies and failures as they happen.

Example:
  netmgr follow real.xml virtual.xml`,
    )
    .action(async (real: string, virtual: string, flags: FollowFlags) => {
      const notices = new Notices();
      const manager = await loadManager(real, virtual, applyOptions(flags, notices));
      const hosts = clusteredHosts(manager.real.hosts);
      if (hosts.length === 0) {
        throw new NetmgrError({
          kind: 'InvalidInput',
          message: 'no two hosts of the real file are of one cluster, so no machine can move',
          hint: 'Give the hosts between which machines move the same cluster="…".',
        });
      }
      notices.printWarnings();
      const isJson = flags.json === true;
      const say = (event: object, text: string): void => {
        const time = new Date().toISOString();
        process.stdout.write(
          isJson
            ? `${JSON.stringify({ time, ...event })}\n`
            : `${time.slice(11, 19)} UTC  ${withoutControls(text)}\n`,
        );
      };
      const { follow } = await import('../../manager/follow.js');
      await uninterrupted(
        (signal) =>
          follow(manager, {
            ...{ interval: flags.interval * MILLISECONDS, signal },
            onMoves: (moves) => {
              for (const move of moves) say({ move }, `${move.vm} moved from ${move.from} to ${move.to}`);
            },
            onApplied: (report) => {
              const changed = report.hosts.filter((host) => host.changed);
              const where = changed.map(({ host }) => host).join(', ');
              say(
                { applied: report },
                changed.length === 0 ? 'all hosts are as they should be' : `applied on ${where}`,
              );
            },
            onFailure: (errors) => {
              if (isJson) say({ errors }, '');
              else for (const error of errors) reportErrors(error, false);
            },
          }),
        'ended',
      );
    });
}
