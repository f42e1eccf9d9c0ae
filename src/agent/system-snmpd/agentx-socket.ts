import { NetmgrError } from '../../errors.js';
import { lastOf, listOf, type Directive } from './directives.js';

/** Where snmpd awaits subagents if nothing is said (snmpd.conf(5), agentXSocket). */
export const DEFAULT_AGENTX_SOCKET = '/var/agentx/master';

/**
 * Whether snmpd has to be told to await subagents there.
 *
 * @param directives those of its administrator
 * @throws NetmgrError `Conflict` where they say another place: other subagents may be there
 */
export function needsSocketLine(directives: readonly Directive[], socket: string): boolean {
  const said = lastOf(directives, 'agentxsocket');
  if (said === undefined) return socket !== DEFAULT_AGENTX_SOCKET;
  const paths = listOf(said.value).flatMap((one) => /^(?:unix:)?(\/.*)$/.exec(one)?.[1] ?? []);
  if (paths.includes(socket)) return false;
  const [other] = paths;
  throw new NetmgrError({
    kind: 'Conflict',
    message: `snmpd awaits subagents at ${said.value}, and not at ${socket}`,
    subject: said.file,
    hint:
      other === undefined
        ? `Add a unix socket to its agentXSocket, after a comma: ${said.value},unix:${socket}`
        : `Give that socket: --system-snmpd ${other}`,
  });
}
