import { IndexAllocator } from '../../mib/index-allocator.js';
import { INT32_MAX } from '../../mib/syntax.js';
import type { Entry } from '../../mib/table.js';
import type { VmScalars } from '../../mib/vm/vm-scalars.js';
import type { Actions } from '../config/actions.js';
import type { Datastore } from '../config/datastore.js';
import type { LinuxKernel } from '../host/linux-kernel.js';
import type { Survey } from '../machines/machine-driver.js';
import { Reading } from './reading.js';
import { WalkedReadings } from './versions.js';
import { bridgeEntries } from './bridge-rows.js';
import { vmEntries, type VmEntries, type VmIndexes } from './vm-rows.js';

/** What one reading found. */
interface Found extends VmEntries {
  /** Of netemuBridgeTable. */
  readonly bridges: readonly Entry[];
  readonly scalars: VmScalars;
}

const NOTHING: Omit<Found, 'scalars'> = { machines: [], networks: [], vifs: [], bridges: [] };

/** The machines of this host and what they are attached to: VM-MIB (RFC 7666), netemuMachineVifTable and netemuBridgeTable. */
export class VmSnapshot {
  readonly readings: WalkedReadings<Found>;
  #hypervisor: Survey['hypervisor'] = { hvSoftware: '', hvVersion: '', hvObjectID: [], hvUpTime: 0 };
  /** Which machines the last reading had, and vmHvUpTime of the first reading that had these. */
  #present: { readonly indexes: string; readonly since: number } | undefined;
  readonly #indexes: VmIndexes;
  readonly #reading = new Reading(
    () => this.#read(),
    (error) => {
      this.onUnreadable(error);
      this.readings.found(this.#found(NOTHING));
    },
  );

  /** @param machines what numbers the machines: the state tables have the same numbers */
  constructor(
    private readonly kernel: Pick<LinuxKernel, 'survey'>,
    private readonly datastore: Pick<Datastore, 'generation' | 'running'>,
    private readonly actions: Pick<Actions, 'isBusy'>,
    machines: IndexAllocator,
    /** Hears why the kernel could not be read. */
    private readonly onUnreadable: (error: unknown) => void,
  ) {
    this.#indexes = { machines, vifs: new IndexAllocator(INT32_MAX) };
    this.readings = new WalkedReadings(this.#found(NOTHING));
  }

  /** Reads the host, unless that was done a moment ago. While a commit works, the last reading stands. */
  async refresh(): Promise<void> {
    if (!this.actions.isBusy) await this.#reading.refresh(String(this.datastore.generation));
  }

  async #read(): Promise<void> {
    const survey = await this.kernel.survey(this.datastore.running.configuration);
    const entries = vmEntries(survey, survey.configured, this.#indexes);
    this.#hypervisor = survey.hypervisor;
    const indexes = entries.machines.map(({ index }) => index.join('.')).join(' ');
    if (indexes !== this.#present?.indexes) this.#present = { indexes, since: survey.hypervisor.hvUpTime };
    this.readings.found(this.#found({ ...entries, bridges: bridgeEntries(survey, survey.configured) }));
  }

  #found(entries: Omit<Found, 'scalars'>): Found {
    return {
      ...entries,
      scalars: {
        ...this.#hypervisor,
        number: entries.machines.length,
        tableLastChange: this.#present?.since ?? 0,
        // None are sent.
        perVMNotificationsEnabled: false,
        bulkNotificationsEnabled: false,
      },
    };
  }
}
