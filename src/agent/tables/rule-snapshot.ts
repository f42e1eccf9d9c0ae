import { LONGEST_NAME, LONGEST_RULE, ruleStateTable, type RuleStateRow } from '../../mib/rule-state-table.js';
import { encodeIndex, type Entry } from '../../mib/table.js';
import type { Actions } from '../config/actions.js';
import type { Datastore } from '../config/datastore.js';
import type { LinuxKernel } from '../host/linux-kernel.js';
import { Reading } from './reading.js';

/** netemuRuleStateTable: what the rules of the kernel have matched. */
export class RuleSnapshot {
  entries: readonly Entry[] = [];
  /** sysUpTime of the reading; 0 if there is none. */
  time = 0;
  readonly #reading = new Reading(
    () => this.#read(),
    (error) => {
      this.onUnreadable(error);
      this.entries = [];
      this.time = 0;
    },
  );

  constructor(
    private readonly kernel: Pick<LinuxKernel, 'rules'>,
    private readonly datastore: Pick<Datastore, 'generation'>,
    private readonly actions: Pick<Actions, 'isBusy'>,
    private readonly sysUpTime: () => number,
    /** Hears why the kernel could not be read. */
    private readonly onUnreadable: (error: unknown) => void,
  ) {}

  /** Reads the kernel, unless that was done a moment ago. While a commit works, the last reading stands. */
  async refresh(isContinuing = false): Promise<void> {
    if (!this.actions.isBusy) await this.#reading.refresh(String(this.datastore.generation), isContinuing);
  }

  async #read(): Promise<void> {
    // What happens meanwhile may not be in it.
    const begun = this.sysUpTime();
    const rules = await this.kernel.rules();
    this.entries = rules.map(({ family, count: { table, chain, rule, ...count } }, i): Entry => {
      const row: RuleStateRow = {
        ...{ index: i + 1, family, ...count },
        ...{ tableName: table.slice(0, LONGEST_NAME), chain: chain.slice(0, LONGEST_NAME) },
        text: Buffer.from(rule, 'utf8').subarray(0, LONGEST_RULE),
      };
      return { index: encodeIndex(ruleStateTable, row), row };
    });
    this.time = begun;
  }
}
