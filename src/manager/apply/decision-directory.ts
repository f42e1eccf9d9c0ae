import { homedir } from 'node:os';
import { join } from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Where the decisions of a manager are: `decisions` in the directory given, in $NETMGR_STATE_DIRECTORY, in
 * `netmgr` in $XDG_STATE_HOME, or in `~/.local/state/netmgr` (XDG Base Directory Specification).
 */
export function decisionDirectory(given: string | undefined, variables: Variables): string {
  const state = given ?? nonEmpty(variables['NETMGR_STATE_DIRECTORY']);
  if (state !== undefined) return join(state, 'decisions');
  const home = nonEmpty(variables['XDG_STATE_HOME']) ?? join(homedir(), '.local', 'state');
  return join(home, 'netmgr', 'decisions');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
