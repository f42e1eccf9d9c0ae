import type { Logger } from 'pino';
import { Configuration } from '../../mib/configuration.js';
import type { Notification } from '../../mib/notifications.js';
import { overlayTable } from '../../mib/overlay-table.js';
import { vifTable } from '../../mib/vif-table.js';
import type { LinuxKernel } from '../host/linux-kernel.js';
import { KernelMonitor } from '../kernel/monitor/kernel-monitor.js';
import { overlayName } from '../kernel/overlay/overlay-name.js';
import { ifbName } from '../kernel/tc/ifb-name.js';
import type { MachineDriver, MachineWatch } from '../machines/machine-driver.js';
import { processMark } from '../processes/marked-run.js';
import type { CommitParts } from '../start-commits.js';
import type { LastAction } from '../store/agent-state.js';
import { cfgValues, ChangeTimes } from '../tables/cfg-values.js';
import { AuditSchedule } from './audit-schedule.js';
import { Auditor } from './auditor.js';
import type { Drift } from './drift.js';
import { Notifier } from './notifier.js';
import { ReturnedVifs } from './returned-vifs.js';

export interface DriftNeeds {
  readonly commit: CommitParts;
  readonly kernel: LinuxKernel;
  readonly driver: Pick<MachineDriver, 'findsVifs' | 'watch'>;
  /** Marks what is left running. */
  readonly stateDirectory: string;
  /** sysUpTime. */
  readonly now: () => number;
  /** @throws Error without a session with snmpd */
  readonly send: (notification: Notification) => Promise<void>;
  readonly log: Logger;
}

/** The room that keeps an eye on the host between commits. */
export class DriftWatch {
  /** sysUpTime of the last examination; 0 if there was none. */
  lastAudit = 0;
  readonly #auditor: Auditor;
  readonly #schedule: AuditSchedule;
  readonly #notifier: Notifier;
  readonly #returned = new ReturnedVifs();
  /** The interfaces that the kernel has told of: one that is not among them may be a machine's that has come. */
  readonly #told = new Set<string>();
  #monitor: KernelMonitor | undefined;
  #machineWatch: MachineWatch | undefined;
  #watched = { configuration: new Configuration(), names: new Set<string>() };
  #lastAction: LastAction | undefined;

  constructor(private readonly needs: DriftNeeds) {
    const { commit, kernel, now, send, log } = needs;
    const { commits, actions } = commit;
    const noTimes = new ChangeTimes();
    this.#notifier = new Notifier({
      send,
      settings: () => commits.settings,
      values: () => cfgValues({ ...commit, drift: this, changes: noTimes }),
      lastErrorOf: (vif) => actions.problems.find((problem) => problem.vif === vif)?.text ?? '',
      log,
    });
    this.#auditor = new Auditor({
      ...commit,
      kernel,
      returned: this.#returned,
      log,
      onAudit: (audit) => {
        this.lastAudit = now();
        this.#notifier.audited(audit);
        this.#schedule.audited();
      },
    });
    this.#schedule = new AuditSchedule({
      audit: (scope) => this.#auditor.audit(scope),
      interval: () => commits.settings.auditInterval,
      waitingFor: () => this.#returned.waitingFor,
    });
  }

  get drifts(): readonly Drift[] {
    return this.#auditor.drifts;
  }

  get count(): number {
    return this.drifts.length;
  }

  /** Begins to look at the host, and to listen to the kernel. */
  start(): void {
    const { stateDirectory, driver, kernel, log } = this.needs;
    this.#machineWatch = driver.watch?.((reachable) => {
      if (reachable !== undefined) this.#machineReachable(reachable);
      if (!this.needs.commit.actions.isBusy) this.#schedule.urgently();
    }, processMark(stateDirectory));
    this.#monitor = new KernelMonitor({
      env: processMark(stateDirectory),
      onEvent: ({ device, gone }) => {
        kernel.undisturbed.disturbed(device);
        if (gone) this.#returned.gone(device);
        const isNew = !gone && !this.#told.has(device);
        if (gone) this.#told.delete(device);
        else this.#told.add(device);
        if (!this.#concerns(device)) return;
        if (isNew) this.#schedule.urgently();
        else this.#schedule.soon();
      },
      onGap: () => {
        kernel.undisturbed.allDisturbed();
        this.#schedule.soon();
      },
      onTrouble: (reason) => {
        log.warn({ reason }, 'the kernel is not listened to for a moment');
      },
    });
    kernel.undisturbed.listener = this.#monitor;
    this.#schedule.start();
  }

  /** Examines the host, unless that was done a moment ago. */
  refresh(): Promise<void> {
    return this.#auditor.refresh();
  }

  /** An action, or an attempt to finish one that failed half-way, ended. */
  actionEnded(): void {
    const { last } = this.needs.commit.commits;
    // An attempt that came to nothing is no news.
    if (last !== this.#lastAction) this.#notifier.actionEnded(last.action, last.result);
    this.#lastAction = last;
    // Whatever it was: what happened meanwhile has not been looked at. Before the kernel is heard again nothing of that would be known for long.
    if (this.#monitor?.isBeginning !== true) this.#schedule.soon();
  }

  /** What managers set for good is another now. */
  settingsChanged(): void {
    this.#schedule.settingsChanged();
  }

  /** There is a session with snmpd again. */
  connected(): void {
    this.#notifier.connected();
  }

  /** Fulfils when nothing of it is under way or running any more. */
  async stop(): Promise<void> {
    this.#schedule.stop();
    this.#notifier.close();
    await this.#machineWatch?.stop();
    this.needs.kernel.undisturbed.listener = undefined;
    await this.#monitor?.stop();
    await this.#auditor.idle();
  }

  #machineReachable(machine: string): void {
    const vmName = this.needs.kernel.vmNameOf(machine);
    for (const row of this.needs.commit.datastore.running.configuration.rows(vifTable)) {
      if (row.vmName === vmName) this.#returned.inDoubt(row.vif);
    }
  }

  /** Whether what happens at an interface can be drift. A commit's own doings are looked at when it is over. */
  #concerns(device: string): boolean {
    const { datastore, actions } = this.needs.commit;
    if (actions.isBusy) return false;
    // Any new interface may be that of a machine.
    if (this.needs.driver.findsVifs) return device !== 'lo';
    const { configuration } = datastore.running;
    if (this.#watched.configuration !== configuration) {
      const vifs = configuration.rows(vifTable).map(({ vif }) => vif);
      const overlays = configuration.rows(overlayTable).map(({ site }) => overlayName(site));
      this.#watched = { configuration, names: new Set([...vifs, ...vifs.map(ifbName), ...overlays]) };
    }
    return this.#watched.names.has(device);
  }
}
