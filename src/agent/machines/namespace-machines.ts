import type { Run } from '../../process/run.js';
import { inNamespace } from '../kernel/ip/in-namespace.js';
import { MACHINE_NAME } from '../kernel/names.js';
import { numberOf, recordsOf, textOf } from '../kernel/printed.js';
import type { Link } from '../kernel/ip/links.js';
import type { MachineState, Redirects } from '../kernel/ip/machine.js';
import { applyMachine, readMachine, readRedirects } from '../kernel/ip/read-machine.js';
import type { MachineDriver } from './machine-driver.js';

/** Machines that are network namespaces of their name (ip-netns(8)). */
export class NamespaceMachines implements MachineDriver {
  readonly backend = 'namespace';
  readonly capabilities = ['guestAddress', 'guestRoute', 'guestForwarding', 'guestMtu'] as const;

  constructor(private readonly run: Run) {}

  /** The namespaces of other hosts on this kernel lead to no interface of this one. */
  async find(links: Iterable<Link>): Promise<string[]> {
    const peers = new Set([...links].map(({ peer }) => peer?.netnsid).filter((id) => id !== undefined));
    if (peers.size === 0) return [];
    const { stdout } = await this.run(['ip', '-j', 'netns', 'list-id']);
    return recordsOf(stdout.trim() === '' ? '[]' : stdout)
      .filter(({ nsid }) => peers.has(numberOf(nsid)))
      .map(({ name }) => textOf(name))
      .filter((name) => MACHINE_NAME.test(name));
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
