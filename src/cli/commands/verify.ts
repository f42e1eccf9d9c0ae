import { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { Notices } from '../output/notices.js';
import { verifyText } from '../output/verify-text.js';
import { expectWritable, writeResult } from '../output/write-result.js';
import { uninterrupted } from '../uninterrupted.js';
import { loadManager } from './load-manager.js';
import { addManagerOptions, managerOptions, type ManagerFlags } from './manager-options.js';
import { wholeNumber } from './whole-number.js';

/** Seconds. */
const SHORTEST_BUDGET = 10;

interface VerifyFlags extends ManagerFlags {
  readonly budget?: number;
  readonly all?: boolean;
  readonly report?: string;
}

export function verifyCommand(): Command {
  return addManagerOptions(
    new Command('verify')
      .description('Measure the running network against the files. Nothing stays changed.')
      .argument('<real>', 'the real-environment file: what is there')
      .argument('<virtual>', 'the virtual-environment file: what is wanted'),
  )
    .option(
      '--budget <s>',
      'seconds after which no further bandwidth is measured',
      wholeNumber(SHORTEST_BUDGET),
    )
    .option('--all', 'list all that was measured, not only the first')
    .option('--report <file>', 'write a page (HTML) with the matrix of who reaches whom, and all values')
    .addHelpText(
      'after',
      `
The agents look at their hosts, and then send from inside their machines: echo requests
between all nodes, more of them where latency or loss is asked, and streams that fill links
of which a bandwidth is asked. Rules for TCP and UDP are not tried: netmgr explain --probe
tries one. Where a host runs something else than the files want, nothing is measured.

The exit code is 0 only if all holds, and 1 if not or if something could not be measured.

Examples:
  netmgr verify fixtures/real-env/grid.xml fixtures/virtual-env/grid.xml
  netmgr verify --budget 60 --report grid.html real.xml virtual.xml`,
    )
    .action(async (real: string, virtual: string, flags: VerifyFlags) => {
      const notices = new Notices();
      const manager = await loadManager(real, virtual, managerOptions(flags, notices));
      const isJson = flags.json === true;
      if (flags.report !== undefined) await expectWritable(flags.report, 'the report');
      const report = await uninterrupted(
        (signal) =>
          manager.verify({
            ...(flags.budget !== undefined && { budget: flags.budget }),
            signal,
            onStage: (stage) => {
              if (!isJson) process.stderr.write(`${stage}\n`);
            },
          }),
        'interrupted: ending the probes',
      );
      const { allHolds, plainReport } = await import('../../manager/verify/verify-report.js');
      if (!allHolds(report)) process.exitCode = EXIT.error;
      if (flags.report !== undefined) {
        const { verifyPage } = await import('../output/verify-page.js');
        await writeResult(flags.report, verifyPage(report), 'the report');
      }
      notices.printWarnings();
      if (isJson) {
        const json = { ok: process.exitCode !== EXIT.error, ...plainReport(report), ...notices.toJSON() };
        process.stdout.write(`${JSON.stringify(json, undefined, 2)}\n`);
        return;
      }
      const { formatTable } = await import('../output/table.js');
      process.stdout.write(`${verifyText(report, flags.all === true, formatTable)}\n`);
    });
}
