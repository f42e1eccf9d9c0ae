import { LARGEST_MTU, SMALLEST_IPV6_MTU, SMALLEST_MTU } from '../../mib/vif-table.js';
import type { Access } from '../model/access.js';
import type { ModelFindings } from './model-findings.js';

/** Checks the MTU of a node's line against what its addresses need. */
export function checkMtu(access: Access, isIpv6: boolean, subject: string, findings: ModelFindings): void {
  if (access.mtu === undefined) return;
  const { bytes } = access.mtu;
  const least = isIpv6 ? SMALLEST_IPV6_MTU : SMALLEST_MTU;
  if (bytes < least) {
    const message = `an MTU of ${String(bytes)}B is less than IPv${isIpv6 ? '6' : '4'} needs`;
    findings.add(access, 'mtu', message, `The nearest is ${String(least)}B.`, subject);
  } else if (bytes > LARGEST_MTU) {
    const message = `no interface takes an MTU of ${String(bytes)}B`;
    findings.add(access, 'mtu', message, `The nearest is ${String(LARGEST_MTU)}B.`, subject);
  }
}
