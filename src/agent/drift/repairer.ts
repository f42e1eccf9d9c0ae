import type { Logger } from 'pino';
import type { Commits } from '../config/commits.js';
import type { Datastore } from '../config/datastore.js';
import type { Mutex } from '../config/mutex.js';
import type { Examination, LinuxKernel } from '../host/linux-kernel.js';
import type { Drift } from './drift.js';
import { hostWithout, partOf } from './examination-part.js';
import { machineDifferences } from './machine-differences.js';
import { shapingDifferences } from './shaping-differences.js';

const NONE: ReadonlySet<string> = new Set();

export interface RepairNeeds {
  readonly kernel: LinuxKernel;
  readonly datastore: Datastore;
  readonly commits: Commits;
  readonly mutex: Mutex;
  readonly log: Logger;
}

/** Puts right what drifted, when no commit can come between. What one vif or machine refuses does not stop the others. */
export class Repairer {
  constructor(private readonly needs: RepairNeeds) {}

  /** Gives vifs and machines what belongs to them, and touches nothing else. */
  async restorePart(vifs: ReadonlySet<string>, machines: ReadonlySet<string>): Promise<void> {
    await this.#exclusively(machines, async (examination) => {
      const blocked = this.#blockedVifs(examination);
      const free = new Set([...vifs].filter((vif) => !blocked.has(vif)));
      await this.#bring(partOf(examination, free, NONE), [...free].join(', '));
      await this.#bringMachines(examination, machines);
    });
  }

  /** Leads the whole host to what runs, and those of its machines. */
  async restoreAll(machines: ReadonlySet<string>): Promise<void> {
    await this.#exclusively(machines, async (examination) => {
      await this.#bring(hostWithout(examination, this.#blockedVifs(examination)), 'the host');
      await this.#bringMachines(examination, machines);
    });
  }

  /** Examines anew under the mutex: what was found before may be another's work by now. */
  async #exclusively(
    machines: ReadonlySet<string>,
    work: (examination: Examination) => Promise<void>,
  ): Promise<void> {
    const { kernel, datastore, commits, mutex } = this.needs;
    await mutex.run(async () => {
      // Half-way between two configurations, and where nothing is known, nothing is drift to be put right.
      if (commits.isHalfway || !commits.isKnown) return;
      await work(await kernel.examine(datastore.running.configuration, machines));
    });
  }

  #blockedVifs(examination: Examination): Set<string> {
    const running = this.needs.datastore.running.configuration;
    return vifsOf(shapingDifferences(running, examination).filter(({ repairable }) => !repairable));
  }

  async #bringMachines(examination: Examination, machines: ReadonlySet<string>): Promise<void> {
    const running = this.needs.datastore.running.configuration;
    for (const [machine, drifts] of machineDifferences(running, examination, machines)) {
      if (!drifts.some(({ repairable }) => repairable)) continue;
      await this.#bring(partOf(examination, NONE, new Set([machine])), machine);
    }
  }

  async #bring({ reading, desired }: Examination, subject: string): Promise<void> {
    try {
      await this.needs.kernel.bring(reading, desired);
    } catch (error) {
      this.needs.log.warn({ err: error, subject }, 'drift could not be put right');
    }
  }
}

const vifsOf = (drifts: readonly Drift[]): Set<string> => new Set(drifts.map(({ vif }) => vif));
