import type { Backend, Capability } from '../../mib/host-scalars.js';
import type { VmScalars } from '../../mib/vm/vm-scalars.js';
import type { VmRow } from '../../mib/vm/vm-table.js';
import type { Link } from '../kernel/ip/links.js';
import type { Run } from '../../process/run.js';

/** What a driver knows of its machines, in the words of VM-MIB (RFC 7666). */
export interface Survey {
  readonly hypervisor: Pick<VmScalars, 'hvSoftware' | 'hvVersion' | 'hvObjectID' | 'hvUpTime'>;
  readonly machines: readonly SurveyedMachine[];
}

export interface SurveyedMachine extends ListedMachine {
  /** The columns of vmTable that are known. */
  readonly known: Partial<Omit<VmRow, 'index' | 'name'>>;
}

/** A machine and what it has at this host. */
export interface ListedMachine {
  /** By which the driver knows it: what {@link MachineDriver.inside} takes. */
  readonly name: string;
  /** What else it goes by, such as a UUID or the ID of a container. */
  readonly aliases: readonly string[];
  readonly interfaces: readonly MachineInterface[];
}

/** An interface of a machine. */
export interface MachineInterface {
  /** The end of it at the host; empty if the kernel has none, so that nothing can be shaped. */
  readonly vif: string;
  /** As what the machine sees it, such as `virtio`; empty if that is not known. */
  readonly model: string;
  /** Of the machine's end; empty if that is not known. */
  readonly mac: string;
  /** How it is attached, where that stands in the way of shaping it: in words that say what to do. */
  readonly obstacle?: string;
}

/** What a driver may tell of between two looks. */
export interface MachineWatch {
  /** Fulfils when nothing of it runs any more. */
  stop(): Promise<void>;
}

/** Where the machines of a host live, and how their insides are reached. */
export interface MachineDriver {
  readonly backend: Backend;
  /** What it can do inside a machine. */
  readonly capabilities: readonly Capability[];
  /**
   * Whether the interface of a vif is found by its machine, since it has another name each time the machine starts. Otherwise a vif
   * is the interface that has its name.
   */
  readonly findsVifs: boolean;
  /**
   * Whether its MAC addresses are what is said inside the machines, so that one could take another's: then the name has to fit, too.
   */
  readonly macsAreGuests?: boolean;
  /**
   * How the names begin that the platform gives to interfaces, such as `vnet`: what sends from such an interface under the MAC
   * address of a configured machine waits until it is known whose it is.
   */
  readonly interfacePrefixes: readonly string[];
  /** The machines behind the interfaces of this host, whether netmgr knows them or not. */
  find(links: Iterable<Link>): Promise<string[]>;
  /** The same with their interfaces: as few processes as possible, for this is done again and again. @throws NetmgrError `CommandFailed` */
  list(links: Iterable<Link>): Promise<readonly ListedMachine[]>;
  /** What it knows of these machines. @throws NetmgrError `CommandFailed` if they cannot be told at all */
  survey(links: Iterable<Link>): Promise<Survey>;
  /**
   * What runs commands inside a machine, as a program of its own would run there. The commands fail with `CommandFailed` if there
   * is no such machine, or it cannot be reached.
   */
  inside(machine: string): Run;
  /**
   * Begins to tell of machines that come, go, move, or can be reached now; what the kernel tells of interfaces is known anyway.
   *
   * @param onChange takes the name of a machine that can be reached now: what it had inside may be lost
   */
  watch?(onChange: (reachable?: string) => void, env: Readonly<Record<string, string>>): MachineWatch;
  /** The same machines, whose commands are run in another way. */
  withRun(run: Run): MachineDriver;
}
