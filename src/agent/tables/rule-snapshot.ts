import { flowStateTable } from '../../mib/flow-state-table.js';
import { LONGEST_NAME, LONGEST_RULE, ruleStateTable, type RuleStateRow } from '../../mib/rule-state-table.js';
import { encodeIndex, type Entry } from '../../mib/table.js';
import type { Actions } from '../config/actions.js';
import type { Datastore } from '../config/datastore.js';
import { flowsOf } from '../host/desired-state.js';
import { flowCounts, policyDrops } from '../host/flow-counts.js';
import type { LinuxKernel } from '../host/linux-kernel.js';
import { Reading } from './reading.js';
import { WalkedReadings } from './versions.js';

/** What one reading found. */
interface Found {
  readonly rules: readonly Entry[];
  readonly flows: readonly Entry[];
  readonly drops: bigint;
  /** sysUpTime of the reading; 0 if there is none. */
  readonly time: number;
}

/** netemuRuleStateTable, netemuFlowStateTable and netemuPolicyDrops: what the rules of the kernel have matched. */
export class RuleSnapshot {
  readonly readings = new WalkedReadings<Found>({ rules: [], flows: [], drops: 0n, time: 0 });
  #drops = 0n;
  readonly #reading = new Reading(
    () => this.#read(),
    (error) => {
      this.onUnreadable(error);
      // A counter does not go back where the kernel cannot be read.
      this.readings.found({ rules: [], flows: [], drops: this.#drops, time: 0 });
    },
  );

  constructor(
    private readonly kernel: Pick<LinuxKernel, 'rules'>,
    private readonly datastore: Pick<Datastore, 'generation' | 'running'>,
    private readonly actions: Pick<Actions, 'isBusy'>,
    private readonly sysUpTime: () => number,
    /** Hears why the kernel could not be read. */
    private readonly onUnreadable: (error: unknown) => void,
  ) {}

  /** Reads the kernel, unless that was done a moment ago. While a commit works, the last reading stands. */
  async refresh(): Promise<void> {
    if (!this.actions.isBusy) await this.#reading.refresh(String(this.datastore.generation));
  }

  async #read(): Promise<void> {
    // What happens meanwhile may not be in it.
    const begun = this.sysUpTime();
    const rules = await this.kernel.rules();
    const entries = rules.map(({ family, count: { table, chain, rule, ...count } }, i): Entry => {
      const row: RuleStateRow = {
        ...{ index: i + 1, family, ...count },
        ...{ tableName: printable(table), chain: printable(chain) },
        text: Buffer.from(rule, 'utf8').subarray(0, LONGEST_RULE),
      };
      return { index: encodeIndex(ruleStateTable, row), row };
    });
    const flows = flowCounts(flowsOf(this.datastore.running.configuration), rules).map(
      ({ flow: { index }, packets, octets }): Entry => {
        const row = { index, packets, octets };
        return { index: encodeIndex(flowStateTable, row), row };
      },
    );
    this.#drops = policyDrops(rules);
    this.readings.found({ rules: entries, flows, drops: this.#drops, time: begun });
  }
}

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;

/** A name of somebody else, as SNMP can say it: what is cut in the midst of a character loses it. */
function printable(name: string): string {
  const octets = Buffer.from(name.replace(CONTROLS, '?') || '?').subarray(0, LONGEST_NAME);
  return new TextDecoder().decode(octets, { stream: true });
}
