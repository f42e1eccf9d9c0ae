import type { Configuration } from '../../mib/configuration.js';
import { vifTable } from '../../mib/vif-table.js';
import type { Checkpoint } from '../../process/durable-files.js';
import type { Run } from '../../process/run.js';
import { checkConfiguration } from '../config/check-configuration.js';
import type { HostKernel, ValidateOptions } from '../config/host-kernel.js';
import { ActionFailure, problemsOf, type Problem } from '../config/problem.js';
import { readBridgeNetfilter, writeBridgeNetfilter } from '../kernel/ip/bridge-netfilter.js';
import { addIfbs, removeIfbs, vifOfIfb } from '../kernel/ip/ifbs.js';
import { readLinks, type Link } from '../kernel/ip/links.js';
import type { MachineState } from '../kernel/ip/machine.js';
import type { IpSetState } from '../kernel/ipset/model.js';
import { addIpsets, readIpsets, removeIpsets } from '../kernel/ipset/read.js';
import { NO_RULES, type IptablesState } from '../kernel/iptables/model.js';
import { applyIptables, readIptables } from '../kernel/iptables/read.js';
import { applyNft, readNft } from '../kernel/nft/read.js';
import type { Probe } from '../kernel/probe/probe.js';
import { applyTc, readTc } from '../kernel/tc/read.js';
import type { MachineDriver } from '../machines/machine-driver.js';
import { checkHost } from './check-host.js';
import { changedMachines } from './desired-machine.js';
import { desiredState } from './desired-state.js';
import type { HostReading, HostState, KernelReading } from './host-state.js';
import type { Originals } from './originals.js';

/** What a commit reads and writes: the interfaces and machines that either configuration names. */
interface Scope {
  readonly vifs: readonly string[];
  readonly machines: ReadonlySet<string>;
  /** What may be missing: in a commit nothing may, where a host is led back much may have gone. */
  readonly tolerant: boolean;
}

/** A host, and what a configuration wants of it. */
export interface Examination {
  readonly reading: HostReading;
  readonly desired: HostState;
}

const NO_SETS: IpSetState = new Map();

/** Milliseconds for which a commit takes over what its validation read: all hosts validate before any commits. */
const FRESH = 30_000;

/** What a validation found nothing wrong with, and read. */
interface Validated {
  readonly running: Configuration;
  readonly target: Buffer;
  readonly takeOver: boolean;
  readonly reading: HostReading;
  readonly at: number;
}

export interface LinuxKernelOptions {
  readonly run: Run;
  readonly machines: MachineDriver;
  readonly probe: Probe;
  /** How the host was before netmgr. */
  readonly originals: Originals;
  /** Heard before each step that no command takes. */
  readonly checkpoint?: Checkpoint;
}

/** The host that the agent runs on: Linux with iptables, ipset, nft and tc. */
export class LinuxKernel implements HostKernel {
  #validated: Validated | undefined;

  constructor(private readonly options: LinuxKernelOptions) {}

  /** Interfaces and qdiscs of the vifs of a configuration, as the kernel has them now. */
  read(configuration: Configuration): Promise<KernelReading> {
    return this.#readInterfaces(vifsOf(configuration));
  }

  async validate(
    target: Configuration,
    running: Configuration,
    { takeOver }: ValidateOptions,
  ): Promise<readonly Problem[]> {
    const wrong = checkConfiguration(target);
    // What is wrong by itself would only lead to more of the same on the host.
    if (wrong.length > 0) return wrong;
    const reading = await this.#readHost(changesBetween(running, target));
    const problems = this.#check(target, reading, takeOver);
    this.#validated =
      problems.length > 0
        ? undefined
        : { running, target: target.digest(), takeOver, reading, at: performance.now() };
    return problems;
  }

  async apply(running: Configuration, target: Configuration, options: ValidateOptions): Promise<void> {
    const before = await this.#readValidated(running, target, options);
    try {
      await this.bring(before, this.#desired(running, target, before));
    } catch (error) {
      throw await this.#undo(running, target, error);
    }
  }

  async restore(from: Configuration, to: Configuration): Promise<void> {
    const reading = await this.#readHost(everythingOf(from, to));
    await this.bring(reading, this.#desired(from, to, reading));
  }

  /** Reads the whole host, for a comparison with what a configuration wants of it. Nothing is changed. */
  async examine(running: Configuration): Promise<Examination> {
    const reading = await this.#readHost(everythingOf(running, running));
    return { reading, desired: this.#desired(running, running, reading) };
  }

  #desired(from: Configuration, to: Configuration, reading: HostReading): HostState {
    return desiredState(from, to, reading, this.options.originals.bridgeNetfilter);
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
      last.target.equals(target.digest()) &&
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

  /** Reads the interfaces, and the qdiscs of those of the vifs and `others` that are there. */
  async #readInterfaces(
    vifs: readonly string[],
    others: (link: Link) => boolean = () => false,
  ): Promise<KernelReading> {
    const { run } = this.options;
    const links = new Map((await readLinks(run)).map((link) => [link.name, link]));
    const chosen = [...links.values()].filter(others).map(({ name }) => name);
    const devices = new Set([...vifs.filter((vif) => links.has(vif)), ...chosen]);
    return { links, tc: await readTc(run, [...devices]) };
  }

  async #readHost({ vifs, machines, tolerant }: Scope): Promise<HostReading> {
    const { run, probe } = this.options;
    const { capabilities } = probe;
    // One after the other: starting a process blocks the agent, which must answer meanwhile.
    // Other interfaces may have what an earlier agent left there.
    const interfaces = await this.#readInterfaces(
      vifs,
      (link) => link.master !== undefined || (tolerant && canHaveQdiscs(link)),
    );
    const ipsets = capabilities.has('ipset') ? await readIpsets(run) : NO_SETS;
    const ipv4 = await this.#readRules(4);
    const ipv6 = await this.#readRules(6);
    const nft = capabilities.has('nftBridge') ? await readNft(run) : undefined;
    const ifbs = [...interfaces.links.values()].map(vifOfIfb).filter((vif) => vif !== undefined);
    return {
      ...interfaces,
      state: {
        tc: interfaces.tc.devices,
        ifbs: new Set(ifbs),
        ipsets,
        iptables: { 4: ipv4, 6: ipv6 },
        nft: nft?.table,
        bridgeNetfilter: await readBridgeNetfilter(),
        machines: await this.#readMachines(machines, tolerant),
      },
    };
  }

  async #readMachines(
    names: ReadonlySet<string>,
    tolerant: boolean,
  ): Promise<ReadonlyMap<string, MachineState>> {
    const found = new Map<string, MachineState>();
    for (const name of names) {
      try {
        found.set(name, await this.options.machines.read(name));
      } catch (error) {
        // One that does not run has nothing of ours, and gets it when it returns.
        if (!tolerant) throw error;
      }
    }
    return found;
  }

  async #readRules(version: 4 | 6): Promise<IptablesState> {
    const { run, probe } = this.options;
    const variant = version === 4 ? probe.iptables : probe.ip6tables;
    return variant === undefined ? NO_RULES : readIptables(run, version, variant);
  }

  /**
   * Brings the host from what was read to what is wanted: one batch per tool; what keeps machines apart comes before
   * what joins them.
   */
  async bring({ links, state: from }: HostReading, to: HostState): Promise<void> {
    const { run, probe, machines, originals, checkpoint } = this.options;
    const allLinks = [...links.values()];
    this.#validated = undefined;
    if (from.bridgeNetfilter !== undefined && to.bridgeNetfilter !== undefined) {
      await originals.keepBridgeNetfilter(from.bridgeNetfilter, to.bridgeNetfilter);
      await writeBridgeNetfilter(from.bridgeNetfilter, to.bridgeNetfilter, checkpoint);
      await originals.releaseBridgeNetfilter(to.bridgeNetfilter);
    }
    await addIpsets(run, from.ipsets, to.ipsets);
    if (probe.iptables !== undefined) {
      await applyIptables(run, 4, probe.iptables, from.iptables[4], to.iptables[4]);
    }
    if (probe.ip6tables !== undefined) {
      await applyIptables(run, 6, probe.ip6tables, from.iptables[6], to.iptables[6]);
    }
    await applyNft(run, from.nft, to.nft);
    await addIfbs(run, allLinks, to.ifbs);
    await applyTc(run, from.tc, to.tc);
    for (const [name, present] of from.machines) {
      await machines.apply(name, present, to.machines.get(name) ?? present);
    }
    await removeIpsets(run, from.ipsets, to.ipsets);
    await removeIfbs(run, allLinks, to.ifbs);
  }
}

/** What differs between two configurations, and so may have to change. */
function changesBetween(running: Configuration, target: Configuration): Scope {
  return {
    vifs: [...new Set([...vifsOf(running), ...vifsOf(target)])],
    machines: changedMachines(running, target),
    tolerant: false,
  };
}

/** Everything that either configuration names, and whatever bears netmgr's mark. */
function everythingOf(from: Configuration, to: Configuration): Scope {
  return {
    vifs: [...new Set([...vifsOf(from), ...vifsOf(to)])],
    machines: new Set([...machinesOf(from), ...machinesOf(to)]),
    tolerant: true,
  };
}

const canHaveQdiscs = (link: Link): boolean => link.name !== 'lo' && link.kind !== 'ifb';

function machinesOf(configuration: Configuration): string[] {
  return configuration.rows(vifTable).map(({ vmName }) => vmName);
}

function vifsOf(configuration: Configuration): string[] {
  return configuration.rows(vifTable).map(({ vif }) => vif);
}
