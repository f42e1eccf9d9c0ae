import snmp from 'net-snmp';
import { messageOf, NetmgrError } from '../../errors.js';
import { parseOid } from '../../mib/oid.js';
import { objectName } from './object-name.js';

/** Where an agent is, for errors. */
export interface AgentAddress {
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

/** What net-snmp's error means to a user of netmgr. */
export function toNetmgrError(thrown: unknown, agent: AgentAddress): NetmgrError {
  const where = `${agent.address} port ${String(agent.port)}`;
  if (thrown instanceof NetmgrError) return thrown;
  if (thrown instanceof Error && thrown.name === 'RequestTimedOutError') {
    return new NetmgrError({
      kind: 'Unreachable',
      message: `the agent at ${where} does not answer`,
      subject: agent.host,
      hint: 'Check that the host is up, that `netmgr agent run` runs there, the address and port in the real file, and the privacy secret.',
      cause: thrown,
    });
  }
  if (thrown instanceof snmp.RequestFailedError) {
    const object = /[0-9]+(?:\.[0-9]+){3,}/.exec(thrown.message)?.[0];
    const status = statusName(thrown);
    return new NetmgrError({
      kind: status === 'NoAccess' || status === 'AuthorizationError' ? 'AccessDenied' : 'Rejected',
      message: `the agent refused ${object === undefined ? 'the request' : objectName(parseOid(object))}: ${status}`,
      subject: agent.host,
      hint: refusalHint(status),
      cause: thrown,
    });
  }
  if (thrown instanceof snmp.ResponseInvalidError && thrown.code === snmp.ResponseInvalidCode.EAuthFailure) {
    return new NetmgrError({
      kind: 'AccessDenied',
      message: `the agent at ${where} does not accept our credentials (${thrown.message})`,
      subject: agent.host,
      hint: 'Check the user and the secrets of the credentials of this host.',
      cause: thrown,
    });
  }
  return new NetmgrError({
    kind: 'Unreachable',
    message: `no usable answer from the agent at ${where}: ${messageOf(thrown)}`,
    subject: agent.host,
    hint: 'Check that what answers there is a netmgr agent of this version.',
    cause: thrown,
  });
}

/** Without a word of the agent's own: the agent was not there, or did not answer snmpd in time. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([
  snmp.ErrorStatus.GeneralError,
  snmp.ErrorStatus.ResourceUnavailable,
  snmp.ErrorStatus.CommitFailed,
  snmp.ErrorStatus.UndoFailed,
]);

/** Whether a request may have failed only because snmpd had lost the agent behind it. */
export function isPassing(error: unknown): boolean {
  const cause = error instanceof NetmgrError ? error.cause : error;
  return cause instanceof snmp.RequestFailedError && PASSING_STATUSES.has(cause.status);
}

/** What snmpd reports and the library cannot mend: our notion of its engine and clock is another's (RFC 3414). */
const TRACK_REPORTS: ReadonlySet<string> = new Set(['Not In Time Window', 'Unknown Engine ID']);
/** ENotInTimeWindow of the library's ResponseInvalidCode, which its types do not have. */
const NOT_IN_TIME_WINDOW = 14;

/** Whether a new discovery of the agent's engine can help. */
export function hasLostTrack(thrown: unknown): boolean {
  if (!(thrown instanceof snmp.ResponseInvalidError)) return false;
  const { code, message } = thrown;
  return (
    (code as number) === NOT_IN_TIME_WINDOW ||
    (code === snmp.ResponseInvalidCode.EAuthFailure && TRACK_REPORTS.has(message))
  );
}

/** The error-status by its name in RFC 3416; the library types it as known, but it comes off the wire. */
function statusName({ status, message }: snmp.RequestFailedError): string {
  const names: Readonly<Record<number, string>> = snmp.ErrorStatus;
  return names[status] ?? message;
}

function refusalHint(status: string): string | undefined {
  switch (status) {
    case 'InconsistentValue':
      return 'Another manager may hold the configuration: `netmgr status` shows the owner.';
    case 'AuthorizationError':
      return (
        "The user has no rights there: use the credentials of the manager; behind the system's snmpd, see that it has read " +
        'what `netmgr agent install` wrote (systemctl restart snmpd).'
      );
    case 'NoAccess':
      return 'The user may read but not write: use the credentials of the manager, not of an NMS.';
    case 'WrongValue':
    case 'NotWritable':
    case 'NoCreation':
      return 'The agent does not have this object, or not this value of it: manager and agent should be of the same version.';
    default:
      return undefined;
  }
}
