import { INTERFACE_PREFIXES } from '../../../machine-interfaces.js';
import type { Run } from '../../../process/run.js';
import { NetmgrError } from '../../../errors.js';
import type { VmRow } from '../../../mib/vm/vm-table.js';
import type { Link } from '../../kernel/ip/links.js';
import { noChannel } from '../guest-agent/agent-errors.js';
import { guestRun } from '../guest-agent/run-in-guest.js';
import { SharedAgent } from '../guest-agent/shared-agent.js';
import { SocketAgent } from '../guest-agent/socket-agent.js';
import type { ListedMachine, MachineDriver, Survey } from '../machine-driver.js';
import { parseDomains, type Domain } from './parse-domains.js';
import { parseStates, type DomainState } from './parse-states.js';
import { hvUpTime, NO_LIMIT } from '../vm-mib-values.js';
import { INSIDE_CAPABILITIES } from '../inside-capabilities.js';
import { interfacesAtHost } from '../interfaces-at-host.js';

/** KiB. */
const MEBIBYTE = 1024;
const MEBIBYTE_OCTETS = 1024 * 1024;

/**
 * Machines that are domains of Xen, of any toolstack on libxl. All are read with one process. Their insides are reached through
 * the QEMU guest agent, over a channel of the domain: a console of its own, which QEMU leads to a socket of dom0.
 */
export class XenMachines implements MachineDriver {
  readonly backend = 'xen';
  readonly capabilities = INSIDE_CAPABILITIES;
  /** The name has the number of the domain in it. */
  readonly findsVifs = true;
  readonly interfacePrefixes = INTERFACE_PREFIXES.xen;

  constructor(
    private readonly run: Run,
    private readonly agents = new Map<string, SharedAgent>(),
  ) {}

  async find(): Promise<string[]> {
    return (await this.#domains()).map(({ name }) => name);
  }

  async list(links: Iterable<Link>): Promise<readonly ListedMachine[]> {
    const known = [...links];
    return (await this.#domains()).map((domain) => listed(domain, known));
  }

  async survey(links: Iterable<Link>): Promise<Survey> {
    const known = [...links];
    const domains = await this.#domains();
    const { stdout: states } = await this.run(['xl', 'list']);
    const { stdout: about } = await this.run(['xl', 'info']);
    const stateById = parseStates(states);
    return {
      hypervisor: {
        hvSoftware: 'Xen',
        hvVersion: /^xen_version\s*:\s*(\S+)/m.exec(about)?.[1] ?? '',
        // Nobody has given it a number.
        hvObjectID: [],
        hvUpTime: await hvUpTime(),
      },
      machines: domains.map((domain) => ({
        ...listed(domain, known),
        known: knownOf(domain, stateById.get(domain.id)),
      })),
    };
  }

  inside(machine: string): Run {
    const shared = this.agents.get(machine) ?? new SharedAgent(() => this.#connect(machine));
    this.agents.set(machine, shared);
    return guestRun(machine, shared.open);
  }

  withRun(run: Run): XenMachines {
    return new XenMachines(run, this.agents);
  }

  /** By the domain that has the name now: its socket may be another one after a start. */
  async #connect(machine: string): Promise<SocketAgent> {
    const domains = await this.#domains();
    const domain = domains.find(({ name, uuid }) => name === machine || uuid === machine);
    if (domain === undefined) throw notThere(machine);
    const addition = channelOf(domain.name);
    if (domain.agentSocket === undefined) throw noChannel(machine, addition);
    return SocketAgent.connect(domain.agentSocket, machine, addition);
  }

  async #domains(): Promise<Domain[]> {
    const { stdout } = await this.run(['xl', 'list', '-l']);
    return parseDomains(stdout);
  }
}

function listed({ name, uuid, interfaces }: Domain, links: readonly Link[]): ListedMachine {
  return {
    name,
    aliases: uuid === '' ? [] : [uuid],
    interfaces: interfacesAtHost(interfaces, links),
  };
}

function knownOf(
  { uuid, type, maxCpus, maxMemory }: Domain,
  state: DomainState | undefined,
): Partial<Omit<VmRow, 'index' | 'name'>> {
  const operState = state?.operState ?? 'unknown';
  return {
    OSType: type,
    operState,
    ...(operState === 'running' || operState === 'paused' ? { adminState: operState } : {}),
    ...(uuid === '' ? {} : { UUID: Buffer.from(uuid.replaceAll('-', ''), 'hex') }),
    // xendomains starts again what it finds, and nothing says what that will be; a domain is gone when it is shut down.
    ...({ autoStart: 'unknown', persistent: 'transient' } as const),
    ...(state === undefined
      ? {}
      : { curCpuNumber: state.cpus, cpuTime: state.cpuTime, curMem: state.memory }),
    ...(maxCpus === undefined ? {} : { maxCpuNumber: maxCpus }),
    ...{ minCpuNumber: NO_LIMIT, memUnit: MEBIBYTE_OCTETS, minMem: NO_LIMIT },
    ...(maxMemory === undefined ? {} : { maxMem: Math.floor(maxMemory / MEBIBYTE) }),
  };
}

/** xl gives the first channel the number of the primary console, and leaves it out: the agent's has to be another one. */
const channelOf = (name: string): string =>
  `channel=["name=unused,connection=pty","name=org.qemu.guest_agent.0,connection=socket,path=/run/xen/${name}.agent"] (xl.cfg; the agent is started with --method=isa-serial --path=/dev/hvc1, and dom0 needs qemu-system-xen)`;

function notThere(machine: string): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `Xen runs no domain ${JSON.stringify(machine)} on this host`,
    subject: machine,
    hint: 'See which there are (xl list), and start it (xl create), or move it here (xl migrate).',
  });
}
