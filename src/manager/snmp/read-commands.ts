import { commandTable } from '../../mib/command-table.js';
import { readTable } from './read-table.js';
import type { SnmpSession } from './snmp-session.js';

/** A command that an agent would run, and what the command reads from its standard input. */
export interface AgentCommand {
  readonly command: string;
  readonly input: string;
}

/** What a commit of the candidate that an agent has validated would run on its host. */
export async function readCommands(session: SnmpSession): Promise<AgentCommand[]> {
  const parts = new Map<number, Uint8Array[]>();
  for (const { index, text } of await readTable(session, commandTable)) {
    const own = parts.get(index);
    if (own === undefined) parts.set(index, [text]);
    else own.push(text);
  }
  // A piece may end in the middle of a character.
  return [...parts.values()].map(([command = new Uint8Array(), ...input]) => ({
    command: Buffer.from(command).toString('utf8'),
    input: Buffer.concat(input).toString('utf8'),
  }));
}
