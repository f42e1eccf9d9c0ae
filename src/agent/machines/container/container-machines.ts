import { INTERFACE_PREFIXES } from '../../../machine-interfaces.js';
import { NetmgrError } from '../../../errors.js';
import type { Run } from '../../../process/run.js';
import { inNamespaceAt } from '../../kernel/ip/in-namespace.js';
import { readLinks, type Link } from '../../kernel/ip/links.js';
import type {
  ListedMachine,
  MachineDriver,
  MachineInterface,
  MachineWatch,
  Survey,
} from '../machine-driver.js';
import { interfacesOfEnds } from '../veth-ends.js';
import { discover, type Container } from './discover.js';
import { docker, podman } from './docker-engine.js';
import type { Engine } from './engine.js';
import { EngineListing } from './engine-listing.js';
import { EngineWatch } from './engine-watch.js';
import { holdNamespace, type HeldNamespace } from './entrance.js';
import { lxc } from './lxc-engine.js';
import { expectContainerName, isProcessName } from './names.js';
import { ownNetNamespace } from './net-namespaces.js';
import { interfacesPast, SHARES_HOST, UNCONNECTED } from './obstacles.js';
import { readInside } from './read-inside.js';
import { hypervisorOf, knownOf } from './survey.js';
import { INSIDE_CAPABILITIES } from '../inside-capabilities.js';

const ENGINES: readonly Engine[] = [podman, docker, lxc];

/** What all drivers of the same machines have in common. */
interface Memory {
  /** Of the last look, by names and aliases: whom a command enters is looked at again then. */
  containers: ReadonlyMap<string, Container>;
  readonly listing: EngineListing;
  /** The network namespace of the host. */
  own?: number;
}

/**
 * Machines that are containers of Podman, Docker or LXC, or without any of these the processes behind interfaces of the host.
 * Their insides are reached with the tools of the host, so that they need none of their own.
 */
export class ContainerMachines implements MachineDriver {
  readonly backend = 'container';
  readonly capabilities = INSIDE_CAPABILITIES;
  readonly findsVifs = true;
  readonly macsAreGuests = true;
  readonly interfacePrefixes = INTERFACE_PREFIXES.container;

  constructor(
    private readonly run: Run,
    private readonly engines: readonly Engine[] = ENGINES,
    private readonly memory: Memory = { containers: new Map(), listing: new EngineListing() },
  ) {}

  async find(links: Iterable<Link>): Promise<string[]> {
    const containers = await this.#look(links);
    return containers.filter(({ ends }) => ends.length > 0).map(({ name }) => name);
  }

  async list(links: Iterable<Link>): Promise<readonly ListedMachine[]> {
    const listed = await this.#withInterfaces(await this.#look(links));
    return listed.map(({ name, aliases, interfaces }) => ({ name, aliases, interfaces }));
  }

  async survey(links: Iterable<Link>): Promise<Survey> {
    const containers = await this.#look(links);
    const listed = await this.#withInterfaces(containers);
    return {
      hypervisor: await hypervisorOf(this.run, this.#engines),
      machines: listed.map(({ container, ...machine }) => ({ ...machine, known: knownOf(container) })),
    };
  }

  inside(machine: string): Run {
    const name = expectContainerName(machine);
    return async ([program, ...rest], options) => {
      const namespace = await this.#hold(name);
      try {
        const argv = [...inNamespaceAt(namespace.path), program, ...rest] as const;
        return await this.run(argv, { program, subject: name, ...options });
      } finally {
        await namespace.close();
      }
    };
  }

  watch(onChange: () => void, env: Readonly<Record<string, string>>): MachineWatch {
    const { listing } = this.memory;
    const engines = this.#engines;
    const watch = new EngineWatch(
      engines,
      () => {
        listing.news();
        onChange();
      },
      env,
    );
    listing.listensTo(engines);
    return {
      stop: () => {
        listing.listensTo([]);
        return watch.stop();
      },
    };
  }

  withRun(run: Run): ContainerMachines {
    return new ContainerMachines(run, this.engines, this.memory);
  }

  get #engines(): readonly Engine[] {
    return this.engines.filter((engine) => engine.isThere());
  }

  async #look(links: Iterable<Link>): Promise<readonly Container[]> {
    this.memory.own ??= await ownNetNamespace(this.run);
    const containers = await discover(
      this.run,
      (inodes) => this.memory.listing.containers(this.run, this.#engines, inodes),
      links,
      this.memory.own,
    );
    const named = containers.flatMap((container) =>
      [container.name, ...container.aliases].map((name) => [name, container] as const),
    );
    // An ID could be the name of another one: what is a name comes first.
    this.memory.containers = new Map([...named, ...containers.map((one) => [one.name, one] as const)]);
    return containers;
  }

  async #withInterfaces(
    containers: readonly Container[],
  ): Promise<readonly (ListedMachine & { readonly container: Container })[]> {
    const isOwn = ({ inode }: Container): boolean => inode === this.memory.own;
    const inside = await readInside(
      this.run,
      containers.filter((container) => !isOwn(container)),
    );
    return containers.map((container) => ({
      ...{ container, name: container.name, aliases: container.aliases },
      interfaces: isOwn(container) ? [SHARES_HOST] : interfacesOf(container, inside.get(container)),
    }));
  }

  /** @throws NetmgrError `CommandFailed` */
  async #hold(name: string): Promise<HeldNamespace> {
    const listed = this.memory.containers.get(name);
    const held = await this.#tryHold(name, listed);
    if (held !== undefined) return held;
    // What a number of a process named has gone, and the next one of that number is another container.
    if (listed !== undefined && isProcessName(name)) throw gone(name);
    await this.#look(await readLinks(this.run));
    const found = this.memory.containers.get(name);
    const again = await this.#tryHold(name, found);
    if (again === undefined) throw gone(name);
    return again;
  }

  async #tryHold(name: string, container: Container | undefined): Promise<HeldNamespace | undefined> {
    if (container === undefined) return undefined;
    if (container.inode === this.memory.own) throw unreachable(name);
    return holdNamespace(container);
  }
}

function interfacesOf({ ends }: Container, inside: readonly Link[] | undefined): readonly MachineInterface[] {
  if (inside === undefined) return interfacesOfEnds(ends, []);
  const interfaces = [...interfacesOfEnds(ends, inside), ...interfacesPast(inside)];
  return interfaces.length === 0 ? [UNCONNECTED] : interfaces;
}

function gone(name: string): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `no container ${name} runs on this host`,
    subject: name,
    hint: isProcessName(name)
      ? 'Name a process in a network namespace that a veth of this host leads into, or a container of podman ps, docker ps or lxc-ls.'
      : 'Start it, or name one that podman ps, docker ps or lxc-ls of root has, or a process as pid:NUMBER.',
  });
}

function unreachable(name: string): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `${name} shares the network of its host, which is no machine's`,
    subject: name,
    hint: 'Start it with a network of its own, at a Linux bridge.',
  });
}
