import { accessLines, SUBAGENT_LINES, type SnmpdAccess } from '../snmpd/access-lines.js';
import { checkSocketPath } from '../snmpd/snmpd-words.js';

/** The first line: by it the file is known to be netmgr's. */
const MARK =
  '# Made by netmgr agent install --system-snmpd, which replaces it; netmgr agent uninstall removes it.';

export interface Snippet extends SnmpdAccess {
  /** Where snmpd awaits subagents, if nothing else in its configuration says so. */
  readonly agentxSocket?: string | undefined;
}

/**
 * What the system's snmpd is told of netmgr, as a file that its snmpd.conf(5) includes. Where it listens and who it is
 * (agentaddress, engineID) is its administrator's; so are the rights of the socket, which other subagents share.
 *
 * @throws NetmgrError `InvalidInput` for a value that snmpd would read as something else.
 */
export function snippetText({ agentxSocket, ...access }: Snippet): string {
  const socket =
    agentxSocket === undefined ? [] : [`agentXSocket unix:${checkSocketPath(agentxSocket, 'path')}`];
  return `${[MARK, ...SUBAGENT_LINES, ...socket, ...accessLines(access)].join('\n')}\n`;
}

export function isSnippet(text: string): boolean {
  return text.startsWith(`${MARK}\n`);
}
