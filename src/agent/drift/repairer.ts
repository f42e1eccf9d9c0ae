import type { Logger } from 'pino';
import type { Configuration } from '../../mib/configuration.js';
import type { Commits } from '../config/commits.js';
import type { Datastore } from '../config/datastore.js';
import type { Mutex } from '../config/mutex.js';
import type { Binding } from '../host/binding.js';
import type { Examination, HostDifference } from '../host/examination.js';
import type { LinuxKernel } from '../host/linux-kernel.js';
import { hostWithout, isolationPart, partOf } from './examination-part.js';
import { machineDifferences } from './machine-differences.js';
import { shapingDifferences } from './shaping-differences.js';

const NONE: ReadonlySet<string> = new Set();

/** What was found, for what, and in which turn of the mutex. */
export interface Looked {
  readonly running: Configuration;
  readonly turn: number;
  readonly examination: Examination;
}

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

  /** Gives vifs what belongs to them, and touches nothing else. What holds a machine that came is let go when its interface is shaped. */
  async restoreVifs(vifs: ReadonlySet<string>): Promise<void> {
    await this.#exclusively(async () => {
      const examination = await this.#examineAnew();
      const { binding, isMoved, moved } = examination;
      const blocked = blockedDevices(examination);
      const devices = [...vifs, ...moved].flatMap((vif) => binding.deviceOf(vif) ?? []);
      const free = new Set(devices.filter((device) => !blocked.has(device)));
      const isShaped = await this.#bring(binding, partOf(examination, free, NONE), [...free].join(', '));
      const isBlocked = moved.some((vif) => blocked.has(binding.deviceOf(vif) ?? ''));
      if (
        isMoved &&
        isShaped &&
        !isBlocked &&
        (await this.#bring(binding, isolationPart(examination), 'isolation'))
      ) {
        this.needs.kernel.broughtTo(binding, this.needs.datastore.running.configuration);
      }
    });
  }

  /** Gives machines that were looked into a moment ago what belongs into them, and touches nothing else. */
  async restoreMachines(
    { running, turn, examination }: Looked,
    machines: ReadonlySet<string>,
  ): Promise<void> {
    await this.#exclusively(async () => {
      const { datastore, mutex } = this.needs;
      // An action between, even one that came to nothing, may have made something else of them.
      if (mutex.turn === turn + 1 && running === datastore.running.configuration)
        await this.#bringMachines(examination, machines);
    });
  }

  /** Leads the whole host to what runs, and those of its machines. */
  async restoreAll(machines: ReadonlySet<string>): Promise<void> {
    await this.#exclusively(async () => {
      const examination = await this.#examineAnew();
      const { binding } = examination;
      await this.#bring(binding, hostWithout(examination, blockedDevices(examination)), 'the host');
      await this.#bringMachines(await this.needs.kernel.lookInto(examination, machines), machines);
    });
  }

  async #exclusively(work: () => Promise<void>): Promise<void> {
    const { commits, mutex } = this.needs;
    await mutex.run(async () => {
      // Half-way between two configurations, and where nothing is known, nothing is drift to be put right.
      if (!commits.isHalfway && commits.isKnown) await work();
    });
  }

  /** Under the mutex: what was found before may be another's work by now. */
  #examineAnew(): Promise<Examination> {
    return this.needs.kernel.examine(this.needs.datastore.running.configuration);
  }

  async #bringMachines(examination: Examination, machines: ReadonlySet<string>): Promise<void> {
    for (const [machine, drifts] of machineDifferences(examination.configuration, examination, machines)) {
      if (!drifts.some(({ repairable }) => repairable)) continue;
      await this.#bring(examination.binding, partOf(examination, NONE, new Set([machine])), machine);
    }
  }

  /** @returns whether it came to its end */
  async #bring(binding: Binding, { reading, desired }: HostDifference, subject: string): Promise<boolean> {
    try {
      await this.needs.kernel.bring(binding, reading, desired);
      return true;
    } catch (error) {
      this.needs.log.warn({ err: error, subject }, 'drift could not be put right');
      return false;
    }
  }
}

/** The interfaces whose qdiscs cannot be put right. */
function blockedDevices(examination: Examination): Set<string> {
  const drifts = shapingDifferences(examination.configuration, examination);
  return new Set(drifts.filter(({ repairable }) => !repairable).map(({ vif }) => vif));
}
