import type { Logger } from 'pino';
import type { NetmgrError } from '../errors.js';
import type { SystemSnmpd } from './agent-options.js';

/**
 * Tells the log of sessions with snmpd. A system's snmpd may be away for hours and is tried every two seconds: what ends one
 * attempt as it ended the last is no news.
 */
export class SessionLog {
  #lastReason: string | undefined;

  /** @param system the system's snmpd, where the agent has none of its own */
  constructor(
    private readonly log: Logger,
    private readonly system: SystemSnmpd | undefined,
  ) {}

  connected(): void {
    this.#lastReason = undefined;
    this.log.info('registered with snmpd');
  }

  disconnected(reason: NetmgrError): void {
    const isNews = reason.message !== this.#lastReason;
    this.#lastReason = reason.message;
    const advice = this.system === undefined ? undefined : adviceFor(reason, this.system);
    const details = { reason: reason.message, ...(advice === undefined ? {} : { advice }) };
    this.log[isNews ? 'warn' : 'debug'](details, 'no session with snmpd; trying again');
  }
}

/** What the administrator of the system's snmpd can do. */
function adviceFor({ cause }: NetmgrError, { agentxSocket }: SystemSnmpd): string | undefined {
  switch ((cause as NodeJS.ErrnoException | undefined)?.code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return (
        `Nobody listens at ${agentxSocket}: snmpd does not run, or has no "master agentx" in its configuration. ` +
        'Run netmgr agent install --system-snmpd, which says what to do, and systemctl restart snmpd.'
      );
    case 'EACCES':
      return `Run the agent as root, or let agentXPerms in snmpd's configuration open ${agentxSocket} to it.`;
    default:
      return undefined;
  }
}
