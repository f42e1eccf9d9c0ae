import { commandTable } from '../../mib/command-table.js';
import { groupBy } from '../../group-by.js';
import { readTablePatiently } from './read-patiently.js';
import type { SnmpSession } from './snmp-session.js';

/** A command that an agent would run, and what the command reads from its standard input. */
export interface AgentCommand {
  readonly command: string;
  readonly input: string;
}

/** What a commit of the candidate that an agent has validated would run on its host. */
export async function readCommands(session: SnmpSession): Promise<AgentCommand[]> {
  const parts = groupBy(await readTablePatiently(session, commandTable), ({ index }) => index);
  // A piece may end in the middle of a character.
  return [...parts.values()].map(([command, ...input]) => ({
    command: Buffer.from(command?.text ?? []).toString('utf8'),
    input: Buffer.concat(input.map(({ text }) => text)).toString('utf8'),
  }));
}
