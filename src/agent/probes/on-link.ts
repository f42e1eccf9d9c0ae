import type { IpVersion } from '../../units/ip-network.js';
import type { Run } from '../../process/run.js';
import { withRoutes } from './with-routes.js';

/**
 * "NM": the user whose packets go straight to the link, and the number of the table of routes that they have for
 * themselves, and of the rule that leads there (ip-rule(8)). Binding to a device would do for IPv4 only, and only where
 * there is no route.
 */
const NUMBER = String(0x4e4d);

const RIGHTS = '+net_raw';

/** The words before a program that make it that user's, with no more of root's rights than raw sockets (setpriv(1)). */
export const AS_ON_LINK = [
  'setpriv',
  ...['--reuid', NUMBER, '--inh-caps', RIGHTS, '--ambient-caps', RIGHTS, '--'],
] as const;

/**
 * Does work while what {@link AS_ON_LINK} runs sends leaves a machine by a device, straight to wherever it goes. Nothing
 * else in the machine sees the rule or the table of {@link withRoutes}.
 */
export function onLink<T>(run: Run, version: IpVersion, device: string, work: () => Promise<T>): Promise<T> {
  const selector = `uidrange ${NUMBER}-${NUMBER} `;
  return withRoutes(run, { version, device, table: NUMBER, preference: NUMBER, selector }, work);
}
