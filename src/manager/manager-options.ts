import type { NetmgrError } from '../errors.js';
import type { ApplySettings } from './apply/apply-settings.js';
import type { DecisionReport } from './apply/complete-decision.js';
import type { RequestListener, SnmpOptions } from './snmp/snmp-session.js';

export interface ManagerOptions extends SnmpOptions, ApplySettings {
  /** Where `env:NAME` secrets and directories are looked up. Default: the environment of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /**
   * Where it is kept what was decided and not yet confirmed by all hosts, in a directory `decisions`. Default:
   * $NETMGR_STATE_DIRECTORY, else `netmgr` in $XDG_STATE_HOME or `~/.local/state`.
   */
  readonly stateDirectory?: string;
  /** Hears what became of a decision that an interrupted apply had left. */
  readonly onDecision?: (report: DecisionReport) => void;
  /** Hears of what makes nothing fail and people should know, such as a damaged decision. */
  readonly onWarning?: (warning: NetmgrError) => void;
  /** Hears of each SNMP request before it is sent. */
  readonly onRequest?: (hostName: string, ...request: Parameters<RequestListener>) => void;
  /** Hears of each step with the file of a decision before it is done. */
  readonly onFileStep?: (step: string) => void;
}
