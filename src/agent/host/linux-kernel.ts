import { Configuration } from '../../mib/configuration.js';
import { vifTable, type VifRow } from '../../mib/vif-table.js';
import { checkConfiguration } from '../config/check-configuration.js';
import type { HostKernel, ValidateOptions } from '../config/host-kernel.js';
import { ActionFailure, problemsOf, type Problem } from '../config/problem.js';
import type { Link } from '../kernel/ip/links.js';
import { readOpenVswitch, type OpenVswitchBridge } from '../kernel/open-vswitch/bridges.js';
import type { Probe } from '../kernel/probe/probe.js';
import type { MachineDriver, Survey } from '../machines/machine-driver.js';
import { Binding } from './binding.js';
import { BoundConfiguration } from './bound-configuration.js';
import { bringHost } from './bring-host.js';
import { changedVifs } from './changed-vifs.js';
import { checkHost } from './check-host.js';
import { desiredMachines, desiredState } from './desired-state.js';
import type { Examination } from './examination.js';
import { desiredTc } from './desired-trees.js';
import type { HostParts, Machines } from './host-parts.js';
import { holdOf } from './hold.js';
import { inTermsOfVifs, missingVifs } from './host-problem.js';
import { locateVifs, type LocatedVifs } from './locate-vifs.js';
import { Progress } from './progress.js';
import { plannedCommands, type PlannedCommand } from './planned-commands.js';
import type { HostReading, HostState, KernelReading } from './host-state.js';
import { beginReading, readHost, readLinksByName, readQdiscs, type Scope } from './read-host.js';
import { changesBetween, everythingOf, unionOf, vifsOf, wordsOf } from './scopes.js';
import { Patience } from './patience.js';
import { readMachines } from './read-machines.js';
import { readRules } from './read-rules.js';
import { machinesBy } from './machines-by.js';
import type { HostRule } from '../kernel/rule-count.js';
import type { TcState } from '../kernel/tc/model.js';
import { findRemakes } from './take-over.js';
import { Undisturbed, type Shape } from './undisturbed.js';

/** Interfaces and qdiscs, and which of them vifs are. */
export interface BoundReading extends KernelReading {
  /** What was read for, with interfaces in place of vifs. */
  readonly configuration: Configuration;
  readonly binding: Binding;
}

/** The machines of a host, and its interfaces. */
export interface HostSurvey extends Survey {
  readonly links: readonly Link[];
  readonly openVswitch: readonly OpenVswitchBridge[];
  /** The vifs of a configuration that are here, with interfaces in place of vifs, and machines as the driver knows them. */
  readonly configured: readonly VifRow[];
}

/** Milliseconds for which a commit takes over what its validation read: all hosts validate before any commits. */
const FRESH = 30_000;

/** What a validation found nothing wrong with, and read. */
interface Validated {
  readonly running: Configuration;
  readonly target: Configuration;
  readonly takeOver: boolean;
  readonly bound: Bound;
  readonly at: number;
  /** What a commit would run, once somebody has asked. */
  commands?: Promise<readonly PlannedCommand[]>;
}

/** A host as it was read, and the configuration that is wanted of it, with interfaces in place of vifs. */
interface Bound {
  /** Of all machines that may have to change inside, also of what is given up. */
  readonly insides: Binding;
  readonly binding: Binding;
  readonly configuration: Configuration;
  readonly reading: HostReading;
  /** What the configuration wants of tc. */
  readonly trees: TcState;
  /** Interfaces that are as both configurations want them: nothing was read of them. */
  readonly known: ReadonlyMap<string, Shape>;
}

export interface LinuxKernelOptions extends Omit<HostParts, 'machines'> {
  readonly probe: Probe;
  readonly driver: MachineDriver;
}

/** The host that the agent runs on: Linux with iptables, ipset, nft and tc. */
export class LinuxKernel implements HostKernel {
  readonly #progress = new Progress();
  /** What need not be looked at again. */
  readonly undisturbed = new Undisturbed();
  #validated: Validated | undefined;
  /** Of what runs, at the last look. */
  #binding = NOTHING_BOUND;
  readonly #running = new BoundConfiguration();
  /** The interfaces that vifs were when the host was brought to what runs; undefined: as they are called. */
  #brought: { readonly key: string; readonly devices: ReadonlyMap<string, string> } | undefined;

  constructor(private readonly options: LinuxKernelOptions) {}

  /** The machines by the names of the running configuration, as of the last look at it. */
  readonly machines: Pick<Machines, 'inside'> = {
    inside: (vmName) => this.options.driver.inside(this.#binding.machineOf(vmName)),
  };

  /** The name in the configuration of a machine that the driver knows, as of the last look. */
  vmNameOf(machine: string): string {
    return this.#binding.vmNameOf(machine);
  }

  #partsOf(binding: Binding): HostParts {
    const machines = machinesBy(binding, this.options.driver);
    return { ...this.options, machines, progress: this.#progress };
  }

  get progress(): number {
    return this.#progress.percent;
  }

  /** Interfaces and qdiscs of the vifs of a configuration, as the kernel has them now. */
  async read(configuration: Configuration): Promise<BoundReading> {
    const links = await readLinksByName(this.options.run);
    const binding = await this.#locateRunning(configuration, links);
    const bound = this.#running.of(configuration, binding);
    const reading = await readQdiscs(this.options.run, links, vifsOf(bound));
    return { ...reading, binding, configuration: bound };
  }

  /** The rules that frames between machines can come to, and what they have matched. */
  rules(): Promise<HostRule[]> {
    return readRules(this.options);
  }

  /** The interfaces of the host, and what is known of the machines behind them and of those of a configuration. */
  async survey(configuration: Configuration): Promise<HostSurvey> {
    const byName = await readLinksByName(this.options.run);
    const binding = await this.#locateRunning(configuration, byName);
    const links = [...byName.values()];
    const configured = this.#running
      .of(configuration, binding)
      .rows(vifTable)
      .map((row) => ({ ...row, vmName: binding.machineOf(row.vmName) }));
    // The machines are worth telling of even if Open vSwitch is not asked with success.
    const openVswitch = await readOpenVswitch(this.options.run, links).catch(() => []);
    return { links, configured, openVswitch, ...(await this.options.driver.survey(links)) };
  }

  async validate(
    target: Configuration,
    running: Configuration,
    { takeOver }: ValidateOptions,
  ): Promise<readonly Problem[]> {
    this.#progress.end();
    const begun = beginReading(this.options);
    const wrong = checkConfiguration(target);
    // What is wrong by itself would only lead to more of the same on the host.
    if (wrong.length > 0) return wrong;
    const bound = await this.#read(changesBetween, running, target, () => takeOver, begun);
    const problems = this.#check(target, bound, takeOver);
    this.#validated =
      problems.length > 0
        ? undefined
        : { running, target: target.clone(), takeOver, bound, at: performance.now() };
    return problems;
  }

  /** What a commit of what was validated last would run; nothing if there was none, or it was committed. */
  async planned(): Promise<readonly PlannedCommand[]> {
    const last = this.#validated;
    if (last === undefined) return [];
    const { bound } = last;
    last.commands ??= plannedCommands(
      this.#partsOf(bound.insides),
      (run) => machinesBy(bound.insides, this.options.driver.withRun(run)),
      bound.reading,
      this.#desired(bound),
    );
    return last.commands;
  }

  async apply(running: Configuration, target: Configuration, options: ValidateOptions): Promise<void> {
    this.#progress.end();
    const before = await this.#readValidated(running, target, options);
    try {
      await this.#bringAll(before, target);
      this.undisturbed.broughtTo(wordsOf(before.insides, running), wordsOf(before.binding, target));
    } catch (error) {
      throw await this.#undo(running, target, error);
    }
  }

  async restore(
    from: Configuration,
    to: Configuration,
    { takeOver }: ValidateOptions = { takeOver: false },
  ): Promise<void> {
    this.#progress.end();
    // What this way back had given up has its original again, which is known how to make.
    const givenUp = new Set(vifsOf(to));
    for (const vif of vifsOf(from)) givenUp.delete(vif);
    const bound = await this.#read(everythingOf, from, to, (vif) => takeOver || givenUp.has(vif));
    await this.#bringAll(bound, to);
  }

  /** Reads the host for a comparison with what a configuration wants of it, but no machine. Nothing is changed. */
  async examine(running: Configuration): Promise<Examination> {
    const at = this.undisturbed.begin();
    const begun = beginReading(this.options);
    const links = await begun.links;
    const binding = await this.#locateRunning(running, links);
    const configuration = this.#running.of(running, binding);
    const wanted = wordsOf(binding, running);
    const known = this.undisturbed.known(wanted);
    const scope = { vifs: vifsOf(configuration), machines: NONE, tolerant: true, everywhere: false, known };
    const reading = await readHost(this.#partsOf(binding), links, { ...scope, nft: begun.nft });
    const trees = desiredTc(configuration, reading, known);
    const desired = this.#desired({ binding, configuration, reading, trees, known });
    const { key = '', devices } = this.#brought ?? {};
    const moved = [...binding.devicesOf(running)]
      .filter(([vif, device]) => (devices === undefined ? vif : devices.get(vif)) !== device)
      .map(([vif]) => vif);
    const look = { at, wanted };
    return { configuration, binding, isMoved: binding.keyOf(running) !== key, moved, reading, desired, look };
  }

  /** The same examination with those of these machines that answer. */
  async lookInto(
    examination: Examination,
    names: ReadonlySet<string>,
    patience = new Patience(),
  ): Promise<Examination> {
    const { binding, configuration, reading, desired } = examination;
    const machines = await readMachines(this.#partsOf(binding).machines, names, patience);
    return {
      ...examination,
      reading: { ...reading, state: { ...reading.state, machines } },
      desired: {
        ...desired,
        machines: desiredMachines(configuration, machines, this.options.originals),
      },
    };
  }

  #desired({ binding, configuration, reading, trees, known }: Omit<Bound, 'insides'>): HostState {
    const hold = holdOf(this.options.driver, binding, configuration);
    return desiredState(configuration, reading, this.options.originals, hold, trees, known);
  }

  #locate(configuration: Configuration, links: ReadonlyMap<string, Link>): Promise<LocatedVifs> {
    return locateVifs(this.options.driver, configuration.rows(vifTable), links);
  }

  /** Finds where the vifs of what runs are now. */
  async #locateRunning(running: Configuration, links: ReadonlyMap<string, Link>): Promise<Binding> {
    return (this.#binding = new Binding(running, await this.#locate(running, links)));
  }

  /** @param takesOver whether somebody else's root qdisc may be replaced at that vif */
  async #read(
    scopeOf: (from: Configuration, to: Configuration) => Scope,
    from: Configuration,
    to: Configuration,
    takesOver: (vif: string) => boolean,
    begun = beginReading(this.options),
  ): Promise<Bound> {
    const links = await begun.links;
    // What is given up must be found, too.
    const both = unionOf(from, to);
    const located = await this.#locate(both, links);
    const insides = new Binding(both, located);
    const binding = new Binding(to, located);
    const configuration = binding.bind(to);
    const before = insides.bind(from);
    const scope = scopeOf(before, configuration);
    const known = scope.tolerant ? NOTHING_KNOWN : this.#unchanged(insides, from, before, configuration);
    const reading = await readHost(this.#partsOf(insides), links, { ...scope, known, nft: begun.nft });
    const trees = desiredTc(configuration, reading, known);
    const taken = new Map([...trees].filter(([device]) => takesOver(binding.vifOf(device))));
    return {
      ...{ insides, binding, configuration, trees, known },
      // What is found of others' qdiscs changes nothing of what is wanted.
      reading: await findRemakes(this.options.run, reading, taken),
    };
  }

  /** What is known to be as it should be, and stays so. */
  #unchanged(
    insides: Binding,
    running: Configuration,
    from: Configuration,
    to: Configuration,
  ): ReadonlyMap<string, Shape> {
    const known = this.undisturbed.known(wordsOf(insides, running));
    if (known.size === 0) return known;
    const changed = changedVifs(from, to);
    return new Map([...known].filter(([device]) => !changed.has(device)));
  }

  /** What the host is like before a commit; a validation of a moment ago has read it already. */
  async #readValidated(
    running: Configuration,
    target: Configuration,
    options: ValidateOptions,
  ): Promise<Bound> {
    const last = this.#validated;
    this.#validated = undefined;
    const isSame =
      last?.running === running &&
      last.target.digest().equals(target.digest()) &&
      last.takeOver === options.takeOver &&
      performance.now() - last.at < FRESH;
    if (isSame && (await this.#isCurrent(last))) return last.bound;
    let problems: readonly Problem[];
    try {
      problems = await this.validate(target, running, options);
    } catch (error) {
      throw new ActionFailure(problemsOf(error), 'validationFailed', error);
    }
    const bound = this.#takeBound();
    if (problems.length > 0 || bound === undefined) throw new ActionFailure(problems, 'validationFailed');
    return bound;
  }

  /** Whether machines that may come, go or have another interface are where they were. */
  async #isCurrent({ running, target, bound }: Validated): Promise<boolean> {
    const { driver, run } = this.options;
    const both = unionOf(running, target);
    if (!driver.findsVifs && both.rows(vifTable).every(({ presence }) => presence === 'required'))
      return true;
    const links = await readLinksByName(run);
    const now = new Binding(both, await this.#locate(both, links));
    const isSameLink = (device: string): boolean =>
      links.get(device)?.ifindex === bound.reading.links.get(device)?.ifindex;
    return (
      now.keyOf(both) === bound.insides.keyOf(both) && [...now.devicesOf(both).values()].every(isSameLink)
    );
  }

  #takeBound(): Bound | undefined {
    const bound = this.#validated?.bound;
    this.#validated = undefined;
    return bound;
  }

  #check(
    target: Configuration,
    { binding, configuration, reading, trees }: Bound,
    takeOver: boolean,
  ): Problem[] {
    const { probe, driver } = this.options;
    const capabilities = new Set([...probe.capabilities, ...driver.capabilities]);
    const problems = checkHost(configuration, reading, trees, capabilities, probe.missing, { takeOver });
    return [...missingVifs(binding.away, target), ...problems.map((one) => inTermsOfVifs(one, binding))];
  }

  /** Leads the host back from wherever a failure left it. */
  async #undo(running: Configuration, target: Configuration, failure: unknown): Promise<ActionFailure> {
    const problems = problemsOf(failure);
    try {
      await this.restore(target, running);
      return new ActionFailure(problems, 'applyFailedUndone', failure);
    } catch (error) {
      return new ActionFailure([...problems, ...problemsOf(error)], 'applyFailedPartial', failure);
    }
  }

  /** Brings the host from what was read to what is wanted. @throws NetmgrError of the tool that failed */
  async bring(binding: Binding, reading: HostReading, to: HostState): Promise<void> {
    this.#validated = undefined;
    await this.undisturbed.written(reading.state.tc, to.tc, () =>
      bringHost(this.#partsOf(binding), reading, to),
    );
  }

  /** Notes that all that a binding is about has been done. */
  broughtTo(binding: Binding, configuration: Configuration): void {
    this.#brought = { key: binding.keyOf(configuration), devices: binding.devicesOf(configuration) };
  }

  async #bringAll(bound: Bound, to: Configuration): Promise<void> {
    await this.bring(bound.insides, bound.reading, this.#desired(bound));
    this.broughtTo(bound.binding, to);
  }
}

const NONE: ReadonlySet<string> = new Set();
const NOTHING_KNOWN: ReadonlyMap<string, Shape> = new Map();
const NOTHING_BOUND = new Binding(new Configuration(), { places: new Map(), away: [] });
