import { release, type } from 'node:os';
import type { Run } from '../../process/run.js';
import { inNamespace } from '../kernel/ip/in-namespace.js';
import { expectMachineName, MACHINE_NAME } from '../kernel/names.js';
import { numberOf, recordsOf, textOf } from '../kernel/printed.js';
import { readLinksInside, type Link } from '../kernel/ip/links.js';
import type { ListedMachine, MachineDriver, MachineInterface, Survey } from './machine-driver.js';
import { endsByNamespace, interfacesOfEnds } from './veth-ends.js';
import { hvUpTime, NO_LIMIT } from './vm-mib-values.js';
import { INSIDE_CAPABILITIES } from './inside-capabilities.js';

/** Machines that are network namespaces of their name (ip-netns(8)). */
export class NamespaceMachines implements MachineDriver {
  readonly backend = 'namespace';
  readonly capabilities = INSIDE_CAPABILITIES;
  readonly findsVifs = false;
  readonly interfacePrefixes = [];

  constructor(private readonly run: Run) {}

  /** The namespaces of other hosts on this kernel lead to no interface of this one. */
  async find(links: Iterable<Link>): Promise<string[]> {
    return [...(await this.#linksByMachine(links)).keys()];
  }

  async list(links: Iterable<Link>): Promise<readonly ListedMachine[]> {
    const listed = [];
    // One after the other: starting a process blocks the agent, which must answer meanwhile.
    for (const [name, ends] of await this.#linksByMachine(links)) {
      listed.push({ name, aliases: [], interfaces: await this.#interfaces(name, ends) });
    }
    return listed;
  }

  /**
   * A namespace is there or not: one that is there runs, and is gone when it is shut down, which nothing starts again. It runs
   * on the processors and the memory of its host, without limits of its own.
   */
  async survey(links: Iterable<Link>): Promise<Survey> {
    const listed = await this.list(links);
    const machines = listed.map((machine) => ({
      ...machine,
      known: {
        OSType: type(),
        ...({ adminState: 'running', operState: 'running' } as const),
        ...({ autoStart: 'disabled', persistent: 'transient' } as const),
        ...{ minCpuNumber: NO_LIMIT, maxCpuNumber: NO_LIMIT, minMem: NO_LIMIT, maxMem: NO_LIMIT },
      },
    }));
    return {
      hypervisor: {
        hvSoftware: `${type()} network namespaces`,
        hvVersion: release(),
        // Nobody has given them a number.
        hvObjectID: [],
        hvUpTime: await hvUpTime(),
      },
      machines,
    };
  }

  /** The interfaces of a machine whose other ends these are. */
  async #interfaces(machine: string, ends: readonly Link[]): Promise<MachineInterface[]> {
    let inside: readonly Link[] = [];
    try {
      inside = await readLinksInside(this.inside(machine));
    } catch {
      // It went a moment ago, or cannot be entered.
    }
    return interfacesOfEnds(ends, inside);
  }

  /** The machines with the interfaces of the host that lead into them, with one process, or none. */
  async #linksByMachine(links: Iterable<Link>): Promise<ReadonlyMap<string, readonly Link[]>> {
    const byId = endsByNamespace(links);
    if (byId.size === 0) return new Map();
    const { stdout } = await this.run(['ip', '-j', 'netns', 'list-id']);
    return new Map(
      recordsOf(stdout.trim() === '' ? '[]' : stdout)
        .map(({ nsid, name }) => [textOf(name), byId.get(numberOf(nsid)) ?? []] as const)
        .filter(([name, ends]) => MACHINE_NAME.test(name) && ends.length > 0),
    );
  }

  /** ip(8) enters a namespace by itself, without a second program. */
  inside(machine: string): Run {
    const name = expectMachineName(machine);
    const enter = inNamespace(name);
    return ([program, ...rest], options) =>
      this.run(program === 'ip' ? ['ip', '-n', name, ...rest] : [...enter, program, ...rest], {
        ...{ program, subject: name },
        ...options,
      });
  }

  withRun(run: Run): NamespaceMachines {
    return new NamespaceMachines(run);
  }
}
