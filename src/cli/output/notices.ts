import type { NetmgrError } from '../../errors.js';
import type { DecidedHostReport, DecisionReport } from '../../manager/apply/complete-decision.js';
import { whatWasDecided } from '../../manager/apply/what-was-decided.js';
import type { ManagerOptions } from '../../manager/manager-options.js';
import { errorBlock, withoutControls } from './report-errors.js';

const OUTCOMES: Readonly<Record<DecidedHostReport['outcome'], string>> = {
  confirmed: 'waited for it and is confirmed now',
  kept: 'had kept it already',
  'applied again': 'had gone back by itself, and it was applied again',
  overtaken: 'was given something else since',
  pending: 'does not keep it yet',
  'not asked': 'was not asked',
};

/** What a manager has to say beside its result: it is told when the progress is over. */
export class Notices {
  readonly decisions: DecisionReport[] = [];
  readonly warnings: NetmgrError[] = [];

  /** To be given to the manager. */
  readonly listeners: Pick<ManagerOptions, 'onDecision' | 'onWarning'> = {
    onDecision: (report) => this.decisions.push(report),
    onWarning: (warning) => this.warnings.push(warning),
  };

  /** Whether a decision is not carried out on a host that was asked. */
  get arePending(): boolean {
    return this.decisions.some(({ hosts }) => hosts.some(({ outcome }) => outcome === 'pending'));
  }

  /** Its part of a report. */
  toJSON(): { readonly decisions: readonly DecisionReport[]; readonly warnings: readonly NetmgrError[] } {
    return { decisions: this.decisions, warnings: this.warnings };
  }

  /** Writes all of it to standard error. */
  print(): void {
    const texts = [...this.decisions.map(decisionText), ...this.warnings.map(warningBlock)];
    for (const text of texts) process.stderr.write(`${text}\n`);
  }

  printWarnings(): void {
    for (const warning of this.warnings) process.stderr.write(`${warningBlock(warning)}\n`);
  }
}

/** What became of a decision, a line for each host. */
export function decisionText({ time, manager, environment, hosts }: DecisionReport): string {
  const when = time.toISOString().replace('T', ' ').slice(0, 19);
  return [
    `an interrupted apply had decided ${whatWasDecided(environment)} (${when} UTC, ${manager}):`,
    ...hosts.flatMap(({ host, outcome, errors }) => [
      `  ${host} ${OUTCOMES[outcome]}`,
      ...errors.map(({ message }) => `    ${message}`),
    ]),
  ]
    .map(withoutControls)
    .join('\n');
}

function warningBlock(warning: NetmgrError): string {
  return errorBlock(warning).replace(/^error:/, 'warning:');
}
