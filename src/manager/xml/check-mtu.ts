import { LARGEST_MTU, SMALLEST_MTU } from '../../mib/vif-table.js';
import type { Access } from '../model/access.js';
import type { ModelFindings } from './model-findings.js';

/** Checks the MTU of a node's line. */
export function checkMtu(access: Access, subject: string, findings: ModelFindings): void {
  if (access.mtu === undefined) return;
  const { bytes } = access.mtu;
  if (bytes < SMALLEST_MTU) {
    const message = `an MTU of ${String(bytes)}B would take the machine's IPv6 away`;
    findings.add(access, 'mtu', message, `The nearest is ${String(SMALLEST_MTU)}B.`, subject);
  } else if (bytes > LARGEST_MTU) {
    const message = `no interface takes an MTU of ${String(bytes)}B`;
    findings.add(access, 'mtu', message, `The nearest is ${String(LARGEST_MTU)}B.`, subject);
  }
}
