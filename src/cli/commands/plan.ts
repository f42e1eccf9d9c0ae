import { Command } from 'commander';
import { isEmptyPlan, type EnvironmentPlan } from '../../manager/apply/environment-plan.js';
import type { Manager } from '../../manager/manager.js';
import { EXIT } from '../exit-codes.js';
import { Notices } from '../output/notices.js';
import { planText } from '../output/plan-text.js';
import { withProgress } from '../output/progress.js';
import { writeResult } from '../output/write-result.js';
import { uninterrupted } from '../uninterrupted.js';
import { loadManager } from './load-manager.js';
import { addManagerOptions, managerOptions, type ApplyFlags, type ManagerFlags } from './manager-options.js';

interface PlanFlags extends ManagerFlags, Pick<ApplyFlags, 'wait' | 'takeOver'> {
  readonly out?: string;
  readonly commands?: boolean;
}

export function planCommand(): Command {
  return addManagerOptions(
    new Command('plan')
      .description('Show what apply would change, and have the agents check it. What runs is not touched.')
      .argument('<real>', 'the real-environment file: what is there')
      .argument('[virtual]', 'the virtual-environment file: what is wanted; without it, nothing is'),
  )
    .option('--commands', 'with what each agent would run: tc, ip, ipset, iptables, nft')
    .option('--out <file>', 'keep the plan, for `netmgr apply --plan`')
    .option('--no-wait', 'fail at once when another manager is at work')
    .option('--take-over', 'as apply: root qdiscs that others gave to vifs are no error')
    .addHelpText(
      'after',
      `
The exit code is 0 if there is nothing to do, 2 if something would change, and 1 for errors.

Examples:
  netmgr plan fixtures/real-env/grid.xml fixtures/virtual-env/grid.xml
  netmgr plan --out grid.plan real.xml virtual.xml && netmgr apply --plan grid.plan`,
    )
    .action(async (real: string, virtual: string | undefined, flags: PlanFlags) => {
      const notices = new Notices();
      const { wait, takeOver = false } = flags;
      const options = { ...managerOptions(flags, notices), wait, takeOver };
      const manager = await loadManager(real, virtual, options);
      const hosts = manager.real.hosts.map(({ name }) => name);
      const isJson = flags.json === true;
      try {
        const plan = await uninterrupted(
          (signal) => withProgress(hosts, isJson, (onStep) => manager.plan(onStep, signal, flags.commands)),
          'interrupted: nothing is planned, and nothing changed',
        );
        if (flags.out !== undefined) await keepPlan(flags.out, manager, plan);
        if (!isEmptyPlan(plan)) process.exitCode = EXIT.changes;
        process.stdout.write(
          isJson
            ? `${JSON.stringify({ ok: true, ...plain(plan), ...notices.toJSON() }, undefined, 2)}\n`
            : `${planText(plan)}\n`,
        );
      } finally {
        notices.printWarnings();
      }
    });
}

async function keepPlan(file: string, manager: Manager, plan: EnvironmentPlan): Promise<void> {
  const { savedPlanText } = await import('../../manager/apply/saved-plan.js');
  await writeResult(file, savedPlanText(manager.savedPlan(plan)), 'the plan');
}

/** Without the items, which hold maps and repeat what the changes say. */
function plain({ environment, changes, hosts }: EnvironmentPlan): object {
  return {
    ...{ environment, changes },
    hosts: hosts.map(({ host, rows, changes: own, repairs, isUnconfirmed, isHalfway, commands }) => ({
      ...{ host, rows, repairs, isUnconfirmed, isHalfway, commands },
      changes: own.map(({ action, kind, subject, details, at }) => ({ action, kind, subject, details, at })),
    })),
  };
}
