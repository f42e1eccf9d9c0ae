import type { ApplyListener } from '../../manager/apply/apply-listener.js';
import type { ApplyReport } from '../../manager/apply/apply-report.js';
import type { Manager } from '../../manager/manager.js';
import { Notices } from '../output/notices.js';
import { withProgress } from '../output/progress.js';
import { uninterrupted } from '../uninterrupted.js';
import { loadManager, loadPlan } from './load-manager.js';
import { applyOptions, type ApplyFlags } from './manager-options.js';

/** Files to read, or a plan that was kept. */
export type ApplyInput = { readonly real: string; readonly virtual?: string } | { readonly plan: string };

/** Changes the hosts, with progress, and says what was `done`. */
export async function runApply(
  input: ApplyInput,
  flags: ApplyFlags,
  done: string,
  change: (manager: Manager, onStep: ApplyListener, signal: AbortSignal) => Promise<ApplyReport>,
): Promise<void> {
  const notices = new Notices();
  const options = applyOptions(flags, notices);
  const manager =
    'plan' in input
      ? await loadPlan(input.plan, options)
      : await loadManager(input.real, input.virtual, options);
  const hosts = manager.real.hosts.map(({ name }) => name);
  const isJson = flags.json === true;
  try {
    const report = await uninterrupted((signal) =>
      withProgress(hosts, isJson, (onStep) => change(manager, onStep, signal)),
    );
    process.stdout.write(
      isJson
        ? `${JSON.stringify({ ok: true, ...report, ...notices.toJSON() }, undefined, 2)}\n`
        : `${reportText(report, done)}\n`,
    );
  } finally {
    notices.print();
  }
}

function reportText({ hosts, duration }: ApplyReport, done: string): string {
  const changed = hosts.filter((host) => host.changed);
  if (changed.length === 0) return 'nothing to do';
  const sum = (count: (host: ApplyReport['hosts'][number]) => number): number =>
    changed.reduce((total, host) => total + count(host), 0);
  const repaired = sum((host) => host.repaired);
  return [
    `${done} on ${String(changed.length)} of ${String(hosts.length)} hosts:`,
    `${String(sum(({ rows }) => rows))} rows`,
    ...(repaired === 0 ? [] : [`and ${repaired === 1 ? '1 repair' : `${String(repaired)} repairs`}`]),
    `in ${duration.toFixed(1)} s`,
  ].join(' ');
}
