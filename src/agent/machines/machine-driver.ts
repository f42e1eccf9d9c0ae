import type { Backend, Capability } from '../../mib/host-scalars.js';
import type { Link } from '../kernel/ip/links.js';
import type { Run } from '../../process/run.js';
import type { MachineState, Redirects } from '../kernel/ip/machine.js';

/** Where the machines of a host live, and how their insides are reached. */
export interface MachineDriver {
  readonly backend: Backend;
  /** What it can do inside a machine. */
  readonly capabilities: readonly Capability[];
  /** The machines behind the interfaces of this host, whether netmgr knows them or not. */
  find(links: Iterable<Link>): Promise<string[]>;
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
