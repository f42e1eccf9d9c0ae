import type { Configuration } from '../../mib/configuration.js';
import { packEdits, type EditedRow } from '../../mib/configuration-edit.js';
import { encodeIndex, type AnyRow } from '../../mib/table.js';
import type { CandidateWriter, TableRow } from '../components/component.js';
import { diffConfigurations, sameRow } from '../../mib/diff-configurations.js';

/** Hears how many of the rows that are to be written were sent. */
export type WriteListener = (done: number, all: number) => void;

/** Sends a value of netemuCfgEdit. */
export type SendEdit = (edit: Uint8Array) => Promise<void>;

/**
 * An agent's candidate, for the length of one session: what is in it, and the differences to be written. What is written in
 * one tick is packed into few SETs.
 */
export class Candidate implements CandidateWriter {
  #edits: EditedRow[] = [];
  /** How many rows were written or removed. */
  changes = 0;

  /**
   * @param observed what the candidate held when the session began
   */
  constructor(
    readonly observed: Configuration,
    private readonly send: SendEdit,
    private readonly onWritten: WriteListener = () => undefined,
  ) {}

  set({ table, row }: TableRow): void {
    const before = this.observed.get(table, encodeIndex(table, row)) as AnyRow | undefined;
    if (before !== undefined && sameRow(table, before, row)) return;
    this.#edits.push({ table, row, isRemoved: false });
  }

  remove({ table, row }: TableRow): void {
    if (this.observed.get(table, encodeIndex(table, row)) === undefined) return;
    this.#edits.push({ table, row, isRemoved: true });
  }

  /** Makes it what is wanted, and nothing else. @throws NetmgrError of the first SET that the agent refuses */
  async become(wanted: Configuration): Promise<void> {
    for (const { table, before, after } of diffConfigurations(this.observed, wanted)) {
      if (after !== undefined) this.set({ table, row: after });
      else if (before !== undefined) this.remove({ table, row: before });
    }
    await this.flush();
  }

  /** Sends what has been queued. @throws NetmgrError of the first SET that the agent refuses */
  async flush(): Promise<void> {
    const edits = this.#edits;
    this.#edits = [];
    this.changes += edits.length;
    const packed = packEdits(edits);
    for (const [i, edit] of packed.entries()) {
      await this.send(edit);
      this.onWritten(Math.round((edits.length * (i + 1)) / packed.length), edits.length);
    }
  }
}
