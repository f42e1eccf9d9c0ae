import type { Logger } from 'pino';
import { messageOf } from '../../errors.js';
import { vifTable, type VifRow } from '../../mib/vif-table.js';
import type { Binding } from '../host/binding.js';
import type { LinuxKernel } from '../host/linux-kernel.js';
import { Patience } from '../host/patience.js';
import type { Link } from '../kernel/ip/links.js';
import type { CommitParts } from '../start-commits.js';
import type { Drift } from './drift.js';
import { isolationDifferences } from './isolation-differences.js';
import { machineDifferences } from './machine-differences.js';
import { MachineFindings } from './machine-findings.js';
import { Repairer, type Looked } from './repairer.js';
import { overlayDifferences } from './overlay-differences.js';
import type { ReturnedVifs, VifInterface } from './returned-vifs.js';
import { shapingDifferences } from './shaping-differences.js';
import { vifDifferences } from './vif-differences.js';

/**
 * What an examination looks into. Each looks at the whole host; of the machines, `change` looks into those that it is
 * about, `round` into some more, and `whole` into all.
 */
export type AuditScope = 'change' | 'round' | 'whole';

/** What an examination found. */
export interface Audit {
  readonly drifts: readonly Drift[];
  /** The numbers of the interfaces of the vifs that are there, by vif. */
  readonly ifIndexes: ReadonlyMap<string, number>;
  /** The machines that were looked into. */
  readonly looked: ReadonlySet<string>;
  /** Whether machines have come, gone or moved, and the host does not agree with that yet. */
  readonly isMoved: boolean;
  /** The vifs that are another interface since. */
  readonly moved: readonly string[];
}

/** The host at one moment, without the insides of its machines. */
interface HostLook extends Looked, Pick<Audit, 'drifts'> {
  readonly interfaces: ReadonlyMap<string, VifInterface | undefined>;
}

/** The same with machines. */
interface MachineLook extends Looked, Audit {}

export interface AuditorNeeds extends CommitParts {
  readonly kernel: LinuxKernel;
  readonly returned: ReturnedVifs;
  /** Hears of each examination that counts. */
  readonly onAudit: (audit: Audit) => void;
  readonly log: Logger;
}

/**
 * Milliseconds for which a whole examination answers those who ask, at least. One that took longer answers for as long as it
 * took: snmpd does not wait for it, and who asks again must find it.
 */
const FRESH = 1000;
/** Milliseconds for which drift that was still there after it was put right is left alone: no attempt in vain without a pause. */
const REPAIR_PAUSE = 10_000;

/**
 * Examines the host: compares what the kernel says with what runs, and changes nothing unless something is to be put
 * right. An examination during which a commit began or ended says nothing, and counts for nothing.
 */
export class Auditor {
  readonly #machines = new MachineFindings();
  readonly #repairer: Repairer;
  #drifts: readonly Drift[] = [];
  #last: Promise<void> = Promise.resolve();
  /** Those that have not begun. */
  readonly #waiting = new Map<AuditScope, Promise<void>>();
  #whole: Promise<void> | undefined;
  #freshUntil = Number.NEGATIVE_INFINITY;
  #wholeTurn = 0;
  /** With the machines that are looked into. */
  #patience = new Patience();
  /** What was left after it was to be put right, and when that was. */
  #inVain = { texts: '', at: Number.NEGATIVE_INFINITY };

  constructor(private readonly needs: AuditorNeeds) {
    this.#repairer = new Repairer(needs);
  }

  /** What the last examination found. */
  get drifts(): readonly Drift[] {
    return this.#drifts;
  }

  /** Examines all of it, unless that was done a moment ago. While an action works, the last examination stands. */
  async refresh(): Promise<void> {
    const isFresh = performance.now() < this.#freshUntil && this.#wholeTurn === this.needs.mutex.turn;
    if (isFresh || this.#isBusy()) return;
    this.#whole ??= this.audit('whole').finally(() => {
      this.#whole = undefined;
    });
    await this.#whole;
  }

  /** Examines after what is under way. One that has not begun serves all who ask for it. Never rejects. */
  audit(scope: AuditScope): Promise<void> {
    const waiting = this.#waiting.get(scope);
    if (waiting !== undefined) return waiting;
    if (scope === 'change') this.#patience.hurry();
    const next = this.#last
      .then(() => {
        this.#waiting.delete(scope);
        return this.#examine(scope);
      })
      .catch((error: unknown) => {
        this.needs.log.warn({ err: error }, 'the host could not be examined');
        // What was found before may be wrong by now. It is no news for receivers of notifications: it may pass.
        this.#drifts = [unknown(error)];
      });
    this.#waiting.set(scope, next);
    this.#last = next;
    return next;
  }

  /** Fulfils when no examination is under way. */
  async idle(): Promise<void> {
    await this.#last;
  }

  #isBusy(): boolean {
    return this.needs.actions.isBusy || this.needs.mutex.turn % 2 === 1;
  }

  async #examine(scope: AuditScope): Promise<void> {
    const begun = performance.now();
    const host = await this.#lookAtHost();
    if (host === undefined) return;
    // Before any machine is waited for.
    const hasShaped = await this.#restoreVifs(host);
    const first = await this.#lookInside(host, scope);
    if (first === undefined) return;
    const hasRestored = (await this.#restoreMachines(first)) || hasShaped;
    const audit = (hasRestored ? await this.#look('change') : undefined) ?? first;
    this.#settle(audit);
    this.#publish(audit, scope, begun);
    if (await this.#repair(audit)) {
      const after = await this.#look('change');
      if (after === undefined) return;
      this.#inVain = { texts: repairableTexts(after), at: performance.now() };
      this.#publish(after, scope, begun);
    }
  }

  #publish(audit: Audit, scope: AuditScope, begun: number): void {
    const { mutex, onAudit } = this.needs;
    this.#drifts = audit.drifts;
    if (scope === 'whole') {
      const now = performance.now();
      this.#freshUntil = now + Math.max(FRESH, now - begun);
      this.#wholeTurn = mutex.turn;
    }
    onAudit(audit);
  }

  /** @returns undefined if a commit came between */
  async #look(scope: AuditScope): Promise<MachineLook | undefined> {
    const host = await this.#lookAtHost();
    return host === undefined ? undefined : this.#lookInside(host, scope);
  }

  /** @returns undefined if a commit came between */
  async #lookAtHost(): Promise<HostLook | undefined> {
    const { kernel, datastore, commits, mutex, returned } = this.needs;
    if (this.#isBusy()) return undefined;
    const { turn } = mutex;
    const running = datastore.running.configuration;
    const rows = running.rows(vifTable);
    const examination = await kernel.examine(running);
    if (mutex.turn !== turn || this.#isBusy()) return undefined;
    const { binding, configuration } = examination;
    const { links } = examination.reading;
    const interfaces = new Map(rows.map(({ vif }) => [vif, interfaceOf(vif, binding, links)] as const));
    returned.look(interfaces);
    const shaping = shapingDifferences(configuration, examination);
    const wrong = new Set(shaping.map(({ vif }) => vif));
    const { look, desired } = examination;
    const read = new Set([...examination.reading.state.tc.keys(), ...desired.tc.keys()]);
    kernel.undisturbed.settle(
      look,
      // Those too that nothing is wanted of, and that have nothing of netmgr.
      [...read].filter((vif) => !wrong.has(vif)).map((vif) => desired.tc.get(vif) ?? { vif }),
    );
    return {
      ...{ running, turn, examination, interfaces },
      drifts: [
        ...commits.damage.map((text): Drift => ({ what: 'state', vif: '', text, repairable: false })),
        ...vifDifferences(running, binding, links),
        ...inTermsOfVifs(shaping, binding),
        ...isolationDifferences(examination),
        ...overlayDifferences(configuration, examination),
      ],
    };
  }

  /** @returns undefined if a commit came between */
  async #lookInside(host: HostLook, scope: AuditScope): Promise<MachineLook | undefined> {
    const { kernel, datastore, mutex, returned } = this.needs;
    const { turn } = mutex;
    const { running, interfaces } = host;
    const { binding, configuration, isMoved, moved } = host.examination;
    const names = namesOf(running.rows(vifTable));
    const chosen =
      scope === 'whole'
        ? new Set(names)
        : this.#machines.choose(
            names,
            [...this.#machinesOf([...returned.waiting, ...moved])],
            scope === 'round',
          );
    const patience = new Patience();
    // Who asks for all of it waits for all of it.
    if (scope !== 'whole') {
      this.#patience = patience;
      if (this.#waiting.has('change')) patience.hurry();
    }
    const examination = await kernel.lookInto(host.examination, chosen, patience);
    const { isHurried } = patience;
    if (mutex.turn !== turn || running !== datastore.running.configuration || this.#isBusy())
      return undefined;
    const here = new Set(namesOf(configuration.rows(vifTable)));
    const { machines } = examination.reading.state;
    // Of those that had no time to answer, nothing new is known.
    const looked = new Set(
      [...chosen].filter((name) => here.has(name) && (!isHurried || machines.has(name))),
    );
    const found = machineDifferences(configuration, examination, looked);
    this.#machines.take(
      [...here],
      new Map([...found].map(([name, drifts]) => [name, inTermsOfVifs(drifts, binding)])),
    );
    return {
      ...{ running, turn, examination, looked, isMoved, moved },
      drifts: [...host.drifts, ...this.#machines.drifts],
      ifIndexes: new Map([...interfaces].flatMap(([vif, one]) => (one ? [[vif, one.ifindex]] : []))),
    };
  }

  /** Gives the vifs that came back their shapes, whether or not drift is to be repaired. @returns whether any lacked something */
  async #restoreVifs({ drifts, examination }: HostLook): Promise<boolean> {
    const { isMoved, moved } = examination;
    const vifs = new Set([...this.needs.returned.waiting, ...moved]);
    const lacks = drifts.filter(({ vif, repairable }) => repairable && vifs.has(vif));
    if (!isMoved && lacks.length === 0) return false;
    this.needs.log.info({ vifs: [...vifs], drift: textsOf(lacks) }, 'restoring interfaces that came back');
    await this.#repairer.restoreVifs(vifs);
    return true;
  }

  /** The same inside their machines, of which some may not be ready yet. @returns whether any lacked something */
  async #restoreMachines(look: MachineLook): Promise<boolean> {
    const back = this.#machinesOf([...this.needs.returned.waiting, ...look.moved]);
    const lacking = new Set([...back].filter((machine) => this.#machines.isRepairable(machine)));
    if (lacking.size === 0) return false;
    this.needs.log.info({ machines: [...lacking] }, 'restoring machines that came back');
    await this.#repairer.restoreMachines(look, lacking);
    return true;
  }

  /** Forgets those of the vifs that came back that lack nothing. */
  #settle({ drifts, looked }: Audit): void {
    const { returned } = this.needs;
    for (const vif of returned.waiting) {
      const isLacking = drifts.some((drift) => drift.vif === vif && drift.repairable);
      const isReady = [...this.#machinesOf([vif])].every(
        (machine) => looked.has(machine) && !this.#machines.wrong.has(machine),
      );
      if (!isLacking && isReady) returned.settle(vif);
    }
  }

  #machinesOf(vifs: readonly string[]): Set<string> {
    const rows = this.needs.datastore.running.configuration.rows(vifTable);
    return new Set(namesOf(rows.filter(({ vif }) => vifs.includes(vif))));
  }

  /** Puts right what drifted, if that is wanted. @returns whether it tried */
  async #repair({ drifts }: Audit): Promise<boolean> {
    const { commits, log } = this.needs;
    if (!commits.settings.autoRepair || !commits.isKnown || commits.isHalfway) return false;
    const wrong = drifts.filter(({ repairable }) => repairable);
    if (wrong.length === 0) return false;
    const { texts, at } = this.#inVain;
    if (repairableTexts({ drifts }) === texts && performance.now() - at < REPAIR_PAUSE) return false;
    log.info({ count: wrong.length, drift: textsOf(wrong) }, 'putting drift right');
    const machines = [...this.#machines.wrong].filter((machine) => this.#machines.isRepairable(machine));
    await this.#repairer.restoreAll(new Set(machines));
    return true;
  }
}

/** The machines whose insides are netmgr's. */
const namesOf = (rows: readonly VifRow[]): string[] => [
  ...new Set(rows.filter(({ addressing }) => addressing === 'netmgr').map(({ vmName }) => vmName)),
];

const inTermsOfVifs = (drifts: readonly Drift[], binding: Binding): Drift[] =>
  drifts.map((drift) => ({ ...drift, vif: binding.vifOf(drift.vif) }));

function interfaceOf(
  vif: string,
  binding: Binding,
  links: ReadonlyMap<string, Link>,
): VifInterface | undefined {
  const device = binding.deviceOf(vif);
  const link = device === undefined ? undefined : links.get(device);
  return link === undefined ? undefined : { device: link.name, ifindex: link.ifindex };
}

const repairableTexts = ({ drifts }: Pick<Audit, 'drifts'>): string =>
  drifts
    .filter(({ repairable }) => repairable)
    .map(({ text }) => text)
    .join('\n');

function unknown(error: unknown): Drift {
  const text = `the host could not be examined: ${messageOf(error)}`;
  return { what: 'state', vif: '', text, repairable: false };
}

/** For the log: more than these help nobody. */
const textsOf = (drifts: readonly Drift[]): string[] => drifts.slice(0, 20).map(({ text }) => text);
