import type { Configuration } from '../../mib/configuration.js';
import { vifTable } from '../../mib/vif-table.js';
import type { Run } from '../../process/run.js';
import {
  readBridgeNetfilter,
  writeBridgeNetfilter,
  type BridgeNetfilter,
} from '../kernel/ip/bridge-netfilter.js';
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
import { checkConfiguration } from './check-configuration.js';
import { checkHost } from './check-host.js';
import { changedMachines } from './desired-machine.js';
import { desiredState } from './desired-state.js';
import type { HostKernel } from './host-kernel.js';
import type { HostReading, HostState, KernelReading } from './host-state.js';
import { ActionFailure, problemsOf, type Problem } from './problem.js';

/** What a commit reads and writes: the interfaces and machines that either configuration names. */
interface Scope {
  readonly vifs: readonly string[];
  readonly machines: ReadonlySet<string>;
}

const NO_SETS: IpSetState = new Map();

/** Milliseconds for which a commit takes over what its validation read: all hosts validate before any commits. */
const FRESH = 30_000;

/** What a validation found nothing wrong with, and read. */
interface Validated {
  readonly running: Configuration;
  readonly target: Buffer;
  readonly reading: HostReading;
  readonly at: number;
}

/** The host that the agent runs on: Linux with iptables, ipset, nft and tc. */
export class LinuxKernel implements HostKernel {
  /** How br_netfilter was before netmgr turned it on; undefined while it has not. */
  #originalBridgeNetfilter: BridgeNetfilter | undefined;
  #validated: Validated | undefined;

  constructor(
    private readonly run: Run,
    private readonly machines: MachineDriver,
    private readonly probe: Probe,
  ) {}

  /** Interfaces and qdiscs of the vifs of a configuration, as the kernel has them now. */
  read(configuration: Configuration): Promise<KernelReading> {
    return this.#readInterfaces(vifsOf(configuration));
  }

  async validate(target: Configuration, running: Configuration): Promise<readonly Problem[]> {
    const wrong = checkConfiguration(target);
    // What is wrong by itself would only lead to more of the same on the host.
    if (wrong.length > 0) return wrong;
    const reading = await this.#readHost(scopeOf(running, target));
    const problems = this.#check(target, reading);
    this.#validated =
      problems.length > 0 ? undefined : { running, target: target.digest(), reading, at: performance.now() };
    return problems;
  }

  async apply(running: Configuration, target: Configuration): Promise<void> {
    const scope = scopeOf(running, target);
    const before = await this.#readValidated(running, target);
    try {
      await this.#bring(before, desiredState(running, target, before, this.#originalBridgeNetfilter));
    } catch (error) {
      throw await this.#undo(scope, before.state, error);
    }
  }

  /** What the host is like before a commit; a validation of a moment ago has read it already. */
  async #readValidated(running: Configuration, target: Configuration): Promise<HostReading> {
    const last = this.#validated;
    this.#validated = undefined;
    // To examine the host again is the very point of applying what runs already.
    const isSame = running !== target && last?.running === running && last.target.equals(target.digest());
    if (isSame && performance.now() - last.at < FRESH) return last.reading;
    let problems: readonly Problem[];
    try {
      problems = await this.validate(target, running);
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

  #check(target: Configuration, reading: HostReading): Problem[] {
    const capabilities = new Set([...this.probe.capabilities, ...this.machines.capabilities]);
    return checkHost(target, reading, capabilities, this.probe.missing);
  }

  /** Leads the host back from wherever a failure left it. */
  async #undo(scope: Scope, before: HostState, failure: unknown): Promise<ActionFailure> {
    const problems = problemsOf(failure);
    try {
      await this.#bring(await this.#readHost(scope), before);
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
    const links = new Map((await readLinks(this.run)).map((link) => [link.name, link]));
    const chosen = [...links.values()].filter(others).map(({ name }) => name);
    const devices = new Set([...vifs.filter((vif) => links.has(vif)), ...chosen]);
    return { links, tc: await readTc(this.run, [...devices]) };
  }

  async #readHost({ vifs, machines }: Scope): Promise<HostReading> {
    const { capabilities } = this.probe;
    // One after the other: starting a process blocks the agent, which must answer meanwhile.
    // The other ports of bridges may have what an earlier agent left there.
    const interfaces = await this.#readInterfaces(vifs, ({ master }) => master !== undefined);
    const ipsets = capabilities.has('ipset') ? await readIpsets(this.run) : NO_SETS;
    const ipv4 = await this.#readRules(4);
    const ipv6 = await this.#readRules(6);
    const nft = capabilities.has('nftBridge') ? await readNft(this.run) : undefined;
    const insides = new Map<string, MachineState>();
    for (const name of machines) insides.set(name, await this.machines.read(name));
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
        machines: insides,
      },
    };
  }

  async #readRules(version: 4 | 6): Promise<IptablesState> {
    const variant = version === 4 ? this.probe.iptables : this.probe.ip6tables;
    return variant === undefined ? NO_RULES : readIptables(this.run, version, variant);
  }

  /** One batch per tool; what keeps machines apart comes before what joins them. */
  async #bring({ links, state: from }: HostReading, to: HostState): Promise<void> {
    const { run, probe } = this;
    const allLinks = [...links.values()];
    if (from.bridgeNetfilter !== undefined && to.bridgeNetfilter !== undefined) {
      this.#originalBridgeNetfilter ??= from.bridgeNetfilter;
      await writeBridgeNetfilter(from.bridgeNetfilter, to.bridgeNetfilter);
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
      await this.machines.apply(name, present, to.machines.get(name) ?? present);
    }
    await removeIpsets(run, from.ipsets, to.ipsets);
    await removeIfbs(run, allLinks, to.ifbs);
  }
}

function scopeOf(running: Configuration, target: Configuration): Scope {
  return {
    vifs: [...new Set([...vifsOf(running), ...vifsOf(target)])],
    // Applying what runs already is to look at everything again.
    machines: running === target ? machinesOf(target) : changedMachines(running, target),
  };
}

function machinesOf(configuration: Configuration): Set<string> {
  return new Set(configuration.rows(vifTable).map(({ vmName }) => vmName));
}

function vifsOf(configuration: Configuration): string[] {
  return configuration.rows(vifTable).map(({ vif }) => vif);
}
