import { reasonOf } from '../merge/reason-of.js';
import { isAsWanted, type HostInspection } from './inspect-host.js';
import type { ReachFinding } from './reach.js';
import type { Measurement } from './verdict.js';
import type { NetworkReport } from './verify-network.js';

/** What `verify` found. */
export interface VerifyReport extends NetworkReport {
  readonly environment: string;
  readonly hosts: readonly HostInspection[];
  /** Whether anything was: not where a host runs something else than the files want. */
  readonly isMeasured: boolean;
  readonly seconds: number;
}

/** How much is not as asked, or could not be measured though there was time for it. */
export function findingsOf({ hosts, reach, measurements }: VerifyReport): number {
  return (
    hosts.filter((host) => !isAsWanted(host)).length +
    reach.findings.length +
    measurements.filter(({ verdict }) => verdict !== 'holds').length
  );
}

export function allHolds(report: VerifyReport): boolean {
  return findingsOf(report) === 0;
}

/** The report as plain data. Latency is in microseconds there and back, bandwidth in bits per second of data. */
export function plainReport(report: VerifyReport): object {
  const { environment, hosts, reach, measurements, leftOut, untriedRules, isMeasured, seconds } = report;
  const { answers, silences, findings } = reach;
  return {
    ...{ environment, holds: allHolds(report), measured: isMeasured, seconds, hosts },
    reach: { answers, silences, findings: findings.map(plainFinding) },
    ...{ measurements: measurements.map(plainMeasurement), leftOut, untriedRules },
  };
}

function plainFinding({ question, got }: ReachFinding): object {
  const { from, to, target, expected, decision, largest } = question;
  return {
    ...{ from: from.path, to: to.path, target: target.toString(), expected, because: reasonOf(decision) },
    ...(largest !== undefined && { largest }),
    ...(typeof got === 'string' ? { got } : { failure: got.failure }),
  };
}

function plainMeasurement({ from, to, link, ...rest }: Measurement): object {
  return {
    ...{ from: from.path, to: to.path },
    ...(link && { link: `${link.from} - ${link.to}` }),
    ...rest,
  };
}
