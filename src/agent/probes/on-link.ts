import type { OwnRoutes } from './own-routes.js';

/**
 * "NM": the user whose packets go straight to the link, and the number of the table of routes that they have for
 * themselves, and of the rule that leads there (ip-rule(8)). Binding to a device would do for IPv4 only, and only where
 * there is no route.
 */
const NUMBER = String(0x4e4d);

const RIGHTS = '+net_raw';

/** What leads that user's packets to a device, straight to wherever they go. Nothing else in the machine sees it. */
export const ON_LINK: OwnRoutes = {
  ...{ table: NUMBER, preference: NUMBER },
  selector: `uidrange ${NUMBER}-${NUMBER} `,
};

/** A command as that user's, with no more of root's rights than raw sockets (setpriv(1)). */
export function asOnLink(command: readonly [string, ...string[]]): [string, ...string[]] {
  return ['setpriv', '--reuid', NUMBER, '--inh-caps', RIGHTS, '--ambient-caps', RIGHTS, '--', ...command];
}
