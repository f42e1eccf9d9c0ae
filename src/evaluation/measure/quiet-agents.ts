import { run } from '../../process/run.js';

const RELEASE = '9';

/**
 * Lets agents look at their hosts only when they are asked to: what they start each half minute takes the lab's one
 * CPU for longer than a burst lasts.
 */
export async function quietAgents(hosts: readonly string[]): Promise<void> {
  for (const host of hosts) await run(quietCommand(host), { subject: host });
}

/** The same for one agent, in a session of its own. */
export function quietCommand(host: string): [string, ...string[]] {
  return [
    ...(['snmpset', '-m', '+NETEMU-MIB', host, 'netemuCfgOwner.0', 's', 'evaluation'] as const),
    ...['netemuCfgAuditInterval.0', 'u', '0', 'netemuCfgAction.0', 'i', RELEASE],
  ];
}
