import { release, type } from 'node:os';
import { groupBy } from '../../group-by.js';
import type { Run } from '../../process/run.js';
import { inNamespace } from '../kernel/ip/in-namespace.js';
import { MACHINE_NAME } from '../kernel/names.js';
import { numberOf, recordsOf, textOf } from '../kernel/printed.js';
import { readLinks, type Link } from '../kernel/ip/links.js';
import type { MachineState, Redirects } from '../kernel/ip/machine.js';
import { applyMachine, readMachine, readRedirects } from '../kernel/ip/read-machine.js';
import { readBootClock } from '../store/boot-clock.js';
import type { MachineDriver, Survey, SurveyedInterface } from './machine-driver.js';

/** TimeTicks are hundredths of a second, modulo 2^32 (RFC 2578). */
const TICKS = 100;
const TICKS_END = 2 ** 32;

/** Of VM-MIB. */
const NO_LIMIT = -1;

/** Machines that are network namespaces of their name (ip-netns(8)). */
export class NamespaceMachines implements MachineDriver {
  readonly backend = 'namespace';
  readonly capabilities = ['guestAddress', 'guestRoute', 'guestForwarding', 'guestMtu'] as const;

  constructor(private readonly run: Run) {}

  /** The namespaces of other hosts on this kernel lead to no interface of this one. */
  async find(links: Iterable<Link>): Promise<string[]> {
    return [...(await this.#linksByMachine(links)).keys()];
  }

  /**
   * A namespace is there or not: one that is there runs, and is gone when it is shut down, which nothing starts again. It runs
   * on the processors and the memory of its host, without limits of its own.
   */
  async survey(links: Iterable<Link>): Promise<Survey> {
    const found = await this.#linksByMachine(links);
    const { seconds } = await readBootClock();
    const machines = [];
    // One after the other: starting a process blocks the agent, which must answer meanwhile.
    for (const [name, ends] of found) {
      machines.push({
        name,
        known: {
          OSType: type(),
          ...({ adminState: 'running', operState: 'running' } as const),
          ...({ autoStart: 'disabled', persistent: 'transient' } as const),
          ...{ minCpuNumber: NO_LIMIT, maxCpuNumber: NO_LIMIT, minMem: NO_LIMIT, maxMem: NO_LIMIT },
        },
        interfaces: await this.#interfaces(name, ends),
      });
    }
    return {
      hypervisor: {
        hvSoftware: `${type()} network namespaces`,
        hvVersion: release(),
        // Nobody has given them a number.
        hvObjectID: [],
        hvUpTime: Math.floor(seconds * TICKS) % TICKS_END,
      },
      machines,
    };
  }

  /** The interfaces of a machine whose other ends these are. */
  async #interfaces(machine: string, ends: readonly Link[]): Promise<SurveyedInterface[]> {
    const inside = new Map<number, Link>();
    try {
      for (const link of await readLinks(this.run, machine)) inside.set(link.ifindex, link);
    } catch {
      // It went a moment ago, or cannot be entered: what is known from outside stays true.
    }
    return ends.map(({ name, kind = '', peer }) => ({
      vif: name,
      model: kind,
      mac: inside.get(peer?.ifindex ?? 0)?.mac ?? '',
    }));
  }

  /** The machines with the interfaces of the host that lead into them, with one process, or none. */
  async #linksByMachine(links: Iterable<Link>): Promise<ReadonlyMap<string, readonly Link[]>> {
    const byId = groupBy(
      [...links].filter(({ peer }) => peer?.netnsid !== undefined),
      ({ peer }) => peer?.netnsid ?? 0,
    );
    if (byId.size === 0) return new Map();
    const { stdout } = await this.run(['ip', '-j', 'netns', 'list-id']);
    return new Map(
      recordsOf(stdout.trim() === '' ? '[]' : stdout)
        .map(({ nsid, name }) => [textOf(name), byId.get(numberOf(nsid)) ?? []] as const)
        .filter(([name, ends]) => MACHINE_NAME.test(name) && ends.length > 0),
    );
  }

  read(machine: string): Promise<MachineState> {
    return readMachine(this.run, machine);
  }

  readRedirects(machine: string, devices: readonly string[]): Promise<Redirects> {
    return readRedirects(this.run, machine, devices);
  }

  apply(machine: string, from: MachineState, to: MachineState): Promise<void> {
    return applyMachine(this.run, machine, from, to);
  }

  inside(machine: string): Run {
    const enter = inNamespace(machine);
    return (argv, options) =>
      this.run([...enter, ...argv], { program: argv[0], subject: machine, ...options });
  }

  withRun(run: Run): NamespaceMachines {
    return new NamespaceMachines(run);
  }
}
