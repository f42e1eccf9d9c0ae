import type { ApplyReport } from '../../manager/apply/apply-report.js';
import type { ManagerOptions } from '../../manager/manager-options.js';
import { Notices } from '../output/notices.js';
import { withProgress } from '../output/progress.js';
import { uninterrupted } from '../uninterrupted.js';
import { applyOptions, type ApplyFlags } from './manager-options.js';
import type { PreparedApply } from './prepared-apply.js';

/** Changes the hosts, with progress, and says what was `done`. */
export async function runApply(
  flags: ApplyFlags,
  done: string,
  prepare: (options: ManagerOptions) => Promise<PreparedApply>,
): Promise<void> {
  const notices = new Notices();
  const prepared = await prepare(applyOptions(flags, notices));
  const isJson = flags.json === true;
  try {
    const report = await uninterrupted((signal) =>
      withProgress(prepared.hosts, isJson, (onStep) => prepared.apply(onStep, signal)),
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
