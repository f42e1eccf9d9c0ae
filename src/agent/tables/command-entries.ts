import { inPieces } from '../../in-pieces.js';
import { commandTable, LONGEST_PART, type CommandRow } from '../../mib/command-table.js';
import { encodeIndex, type Entry } from '../../mib/table.js';
import type { PlannedCommand } from '../host/planned-commands.js';

/** The rows of netemuCommandTable, as of the last {@link refresh}. */
export class CommandEntries {
  entries: readonly Entry[] = [];
  #commands: readonly PlannedCommand[] = [];

  /** @param planned what a commit would run */
  constructor(private readonly planned: () => Promise<readonly PlannedCommand[]>) {}

  async refresh(): Promise<void> {
    const commands = await this.planned();
    if (commands === this.#commands) return;
    this.#commands = commands;
    this.entries = commands.flatMap((command, i) => rowsOf(command, i + 1).map(entryOf));
  }
}

function rowsOf({ argv, input }: PlannedCommand, index: number): CommandRow[] {
  const text = Buffer.from(input, 'utf8');
  const pieces = inPieces(text.length, LONGEST_PART, (from, to) => text.subarray(from, to));
  const command = Buffer.from(argv.join(' '), 'utf8').subarray(0, LONGEST_PART);
  return [command, ...pieces].map((piece, part) => ({ index, part, text: piece }));
}

function entryOf(row: CommandRow): Entry {
  return { index: encodeIndex(commandTable, row), row };
}
