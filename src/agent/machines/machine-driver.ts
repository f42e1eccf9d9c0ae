import type { Backend, Capability } from '../../mib/host-scalars.js';
import type { VmScalars } from '../../mib/vm/vm-scalars.js';
import type { VmRow } from '../../mib/vm/vm-table.js';
import type { Link } from '../kernel/ip/links.js';
import type { Run } from '../../process/run.js';
import type { MachineState, Redirects } from '../kernel/ip/machine.js';

/** What a driver knows of its machines, in the words of VM-MIB (RFC 7666). */
export interface Survey {
  readonly hypervisor: Pick<VmScalars, 'hvSoftware' | 'hvVersion' | 'hvObjectID' | 'hvUpTime'>;
  readonly machines: readonly SurveyedMachine[];
}

export interface SurveyedMachine {
  readonly name: string;
  /** The columns of vmTable that are known. */
  readonly known: Partial<Omit<VmRow, 'index' | 'name'>>;
  readonly interfaces: readonly SurveyedInterface[];
}

/** An interface of a machine. */
export interface SurveyedInterface {
  /** The end of it at the host. */
  readonly vif: string;
  /** As what the machine sees it, such as `virtio`; empty if that is not known. */
  readonly model: string;
  /** Of the machine's end; empty if that is not known. */
  readonly mac: string;
}

/** Where the machines of a host live, and how their insides are reached. */
export interface MachineDriver {
  readonly backend: Backend;
  /** What it can do inside a machine. */
  readonly capabilities: readonly Capability[];
  /** The machines behind the interfaces of this host, whether netmgr knows them or not. */
  find(links: Iterable<Link>): Promise<string[]>;
  /** What it knows of these machines. @throws NetmgrError `CommandFailed` if they cannot be told at all */
  survey(links: Iterable<Link>): Promise<Survey>;
  /** @throws NetmgrError `CommandFailed` if there is no such machine, or it cannot be reached */
  read(machine: string): Promise<MachineState>;
  /** Whether a machine sends redirects over interfaces, and over `all`. @throws NetmgrError `CommandFailed` */
  readRedirects(machine: string, devices: readonly string[]): Promise<Redirects>;
  /** Brings a machine from one state to another. @throws NetmgrError `CommandFailed` */
  apply(machine: string, from: MachineState, to: MachineState): Promise<void>;
  /** What runs commands inside a machine, as a program of its own would run there. */
  inside(machine: string): Run;
  /** The same machines, whose commands are run in another way. */
  withRun(run: Run): MachineDriver;
}
