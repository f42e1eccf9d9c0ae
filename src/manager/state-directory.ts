import { homedir } from 'node:os';
import { join } from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Where a manager keeps what outlives it: the directory given, $NETMGR_STATE_DIRECTORY, `netmgr` in $XDG_STATE_HOME, or
 * `~/.local/state/netmgr` (XDG Base Directory Specification).
 */
export function stateDirectory(given: string | undefined, variables: Variables): string {
  const state = given ?? nonEmpty(variables['NETMGR_STATE_DIRECTORY']);
  if (state !== undefined) return state;
  const home = nonEmpty(variables['XDG_STATE_HOME']) ?? join(homedir(), '.local', 'state');
  return join(home, 'netmgr');
}

/** Where its decisions are. */
export function decisionDirectory(given: string | undefined, variables: Variables): string {
  return join(stateDirectory(given, variables), 'decisions');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
