import type { Configuration } from '../../mib/configuration.js';
import { vifTable } from '../../mib/vif-table.js';
import { checkConfiguration } from '../config/check-configuration.js';
import type { HostKernel, ValidateOptions } from '../config/host-kernel.js';
import { ActionFailure, problemsOf, type Problem } from '../config/problem.js';
import { readLinks, type Link } from '../kernel/ip/links.js';
import type { Probe } from '../kernel/probe/probe.js';
import type { Survey } from '../machines/machine-driver.js';
import { bringHost } from './bring-host.js';
import { checkHost } from './check-host.js';
import { changedMachines } from './desired-machine.js';
import { desiredState } from './desired-state.js';
import { desiredTc } from './desired-trees.js';
import type { HostParts } from './host-parts.js';
import { plannedCommands, type PlannedCommand } from './planned-commands.js';
import type { HostReading, HostState, KernelReading } from './host-state.js';
import { readHost, readInterfaces, type Scope } from './read-host.js';
import { readRules } from './read-rules.js';
import type { HostRule } from '../kernel/rule-count.js';
import { findRemakes } from './take-over.js';

/** A host, and what a configuration wants of it. */
export interface Examination {
  readonly reading: HostReading;
  readonly desired: HostState;
}

/** The machines of a host, and its interfaces. */
export interface HostSurvey extends Survey {
  readonly links: readonly Link[];
}

/** Milliseconds for which a commit takes over what its validation read: all hosts validate before any commits. */
const FRESH = 30_000;

/** What a validation found nothing wrong with, and read. */
interface Validated {
  readonly running: Configuration;
  readonly target: Configuration;
  readonly takeOver: boolean;
  readonly reading: HostReading;
  readonly at: number;
  /** What a commit would run, once somebody has asked. */
  commands?: Promise<readonly PlannedCommand[]>;
}

export interface LinuxKernelOptions extends HostParts {
  readonly probe: Probe;
}

/** The host that the agent runs on: Linux with iptables, ipset, nft and tc. */
export class LinuxKernel implements HostKernel {
  #validated: Validated | undefined;

  constructor(private readonly options: LinuxKernelOptions) {}

  /** Interfaces and qdiscs of the vifs of a configuration, as the kernel has them now. */
  read(configuration: Configuration): Promise<KernelReading> {
    return readInterfaces(this.options.run, vifsOf(configuration));
  }

  /** The rules that frames between machines can come to, and what they have matched. */
  rules(): Promise<HostRule[]> {
    return readRules(this.options);
  }

  /** The interfaces of the host, and what is known of the machines behind them. */
  async survey(): Promise<HostSurvey> {
    const links = await readLinks(this.options.run);
    return { links, ...(await this.options.machines.survey(links)) };
  }

  async validate(
    target: Configuration,
    running: Configuration,
    { takeOver }: ValidateOptions,
  ): Promise<readonly Problem[]> {
    const wrong = checkConfiguration(target);
    // What is wrong by itself would only lead to more of the same on the host.
    if (wrong.length > 0) return wrong;
    const reading = await this.#read(changesBetween(running, target), target, () => takeOver);
    const problems = this.#check(target, reading, takeOver);
    this.#validated =
      problems.length > 0
        ? undefined
        : { running, target: target.clone(), takeOver, reading, at: performance.now() };
    return problems;
  }

  /** What a commit of what was validated last would run; nothing if there was none, or it was committed. */
  async planned(): Promise<readonly PlannedCommand[]> {
    const last = this.#validated;
    if (last === undefined) return [];
    last.commands ??= plannedCommands(this.options, last.reading, this.#desired(last.target, last.reading));
    return last.commands;
  }

  async apply(running: Configuration, target: Configuration, options: ValidateOptions): Promise<void> {
    const before = await this.#readValidated(running, target, options);
    try {
      await this.bring(before, this.#desired(target, before));
    } catch (error) {
      throw await this.#undo(running, target, error);
    }
  }

  async restore(
    from: Configuration,
    to: Configuration,
    { takeOver }: ValidateOptions = { takeOver: false },
  ): Promise<void> {
    // What this way back had given up has its original again, which is known how to make.
    const givenUp = new Set(vifsOf(to));
    for (const vif of vifsOf(from)) givenUp.delete(vif);
    const reading = await this.#read(everythingOf(from, to), to, (vif) => takeOver || givenUp.has(vif));
    await this.bring(reading, this.#desired(to, reading));
  }

  /**
   * Reads the whole host, for a comparison with what a configuration wants of it. Nothing is changed.
   *
   * @param machines those to look into; default: all. What is not read is not in the answer
   */
  async examine(running: Configuration, machines?: ReadonlySet<string>): Promise<Examination> {
    const scope = everythingOf(running, running);
    const chosen = machines === undefined ? scope : { ...scope, machines, everywhere: false };
    const reading = await readHost(this.options, chosen);
    return { reading, desired: this.#desired(running, reading) };
  }

  #desired(to: Configuration, reading: HostReading): HostState {
    return desiredState(to, reading, this.options.originals);
  }

  /** @param takesOver whether somebody else's root qdisc may be replaced at that vif */
  async #read(
    scope: Scope,
    target: Configuration,
    takesOver: (vif: string) => boolean,
  ): Promise<HostReading> {
    const reading = await readHost(this.options, scope);
    const wanted = [...desiredTc(target, reading)].filter(([vif]) => takesOver(vif));
    return findRemakes(this.options.run, reading, new Map(wanted));
  }

  /** What the host is like before a commit; a validation of a moment ago has read it already. */
  async #readValidated(
    running: Configuration,
    target: Configuration,
    options: ValidateOptions,
  ): Promise<HostReading> {
    const last = this.#validated;
    this.#validated = undefined;
    const isSame =
      last?.running === running &&
      last.target.digest().equals(target.digest()) &&
      last.takeOver === options.takeOver &&
      performance.now() - last.at < FRESH;
    if (isSame) return last.reading;
    let problems: readonly Problem[];
    try {
      problems = await this.validate(target, running, options);
    } catch (error) {
      throw new ActionFailure(problemsOf(error), 'validationFailed', error);
    }
    const reading = this.#takeReading();
    if (problems.length > 0 || reading === undefined) throw new ActionFailure(problems, 'validationFailed');
    return reading;
  }

  #takeReading(): HostReading | undefined {
    const reading = this.#validated?.reading;
    this.#validated = undefined;
    return reading;
  }

  #check(target: Configuration, reading: HostReading, takeOver: boolean): Problem[] {
    const { probe, machines } = this.options;
    const capabilities = new Set([...probe.capabilities, ...machines.capabilities]);
    return checkHost(target, reading, capabilities, probe.missing, { takeOver });
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
  async bring(reading: HostReading, to: HostState): Promise<void> {
    this.#validated = undefined;
    await bringHost(this.options, reading, to);
  }
}

/** What differs between two configurations, and so may have to change. */
function changesBetween(running: Configuration, target: Configuration): Scope {
  return {
    vifs: [...new Set([...vifsOf(running), ...vifsOf(target)])],
    machines: changedMachines(running, target),
    tolerant: false,
    everywhere: false,
  };
}

/** Everything that either configuration names, and whatever bears netmgr's mark. */
function everythingOf(from: Configuration, to: Configuration): Scope {
  return {
    vifs: [...new Set([...vifsOf(from), ...vifsOf(to)])],
    machines: new Set([...machinesOf(from), ...machinesOf(to)]),
    tolerant: true,
    everywhere: true,
  };
}

function machinesOf(configuration: Configuration): string[] {
  return configuration.rows(vifTable).map(({ vmName }) => vmName);
}

function vifsOf(configuration: Configuration): string[] {
  return configuration.rows(vifTable).map(({ vif }) => vif);
}
