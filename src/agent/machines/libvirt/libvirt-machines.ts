import { inPieces } from '../../../in-pieces.js';
import { INTERFACE_PREFIXES } from '../../../machine-interfaces.js';
import type { Run } from '../../../process/run.js';
import type { Link } from '../../kernel/ip/links.js';
import { Monitor } from '../../kernel/monitor/monitor.js';
import { guestRun } from '../guest-agent/run-in-guest.js';
import type { ListedMachine, MachineDriver, MachineWatch, Survey } from '../machine-driver.js';
import { parseDomainInfo } from './parse-domain-info.js';
import { parseDomain, parseList, type Domain } from './parse-domain.js';
import { readVirsh, VIRSH_ENVIRONMENT, virshWords, type VirshOptions } from './virsh.js';
import { VirshAgent } from './virsh-agent.js';
import { hvUpTime } from '../vm-mib-values.js';
import { INSIDE_CAPABILITIES } from '../inside-capabilities.js';
import { interfacesAtHost } from '../interfaces-at-host.js';

/** Domains that one virsh is asked about: its argument may have 128 KiB (execve(2)). */
const AT_ONCE = 500;

/** What says that machines came, went, moved, or can be reached: not what their clocks, disks and balloons do. */
const CHANGE = /^event '(lifecycle|reboot|agent-lifecycle|device-added|device-removed|job-completed)' /;
/** Its guest agent answers now: it has started, by itself too, which leaves its interfaces as they are. */
const REACHABLE = /^event 'agent-lifecycle' for domain '(.*)': state: 'connected' /;

/**
 * Machines that are domains of libvirt's QEMU driver, those of Vagrant among them. They are read with two processes, whatever
 * their number: `virsh list` for who runs, and a virsh that is asked for all of these (`domstats` would have names of interfaces
 * in one, and `domiflist` a table, but only the domain's XML has both with MAC addresses and kinds).
 */
export class LibvirtMachines implements MachineDriver {
  readonly backend = 'kvm';
  readonly capabilities = INSIDE_CAPABILITIES;
  readonly findsVifs = true;
  readonly interfacePrefixes = INTERFACE_PREFIXES.kvm;

  constructor(
    private readonly run: Run,
    private readonly options: VirshOptions = {},
  ) {}

  async find(): Promise<string[]> {
    return (await this.#running()).map(({ name }) => name);
  }

  async list(links: Iterable<Link>): Promise<readonly ListedMachine[]> {
    const known = [...links];
    const { domains } = await this.#read([], ({ uuid }) => [`dumpxml ${uuid}`]);
    return domains.map(({ domain }) => listed(domain, known));
  }

  async survey(links: Iterable<Link>): Promise<Survey> {
    const known = [...links];
    const { domains, before } = await this.#read(['version'], ({ uuid }) => [
      `dumpxml ${uuid}`,
      `dominfo ${uuid}`,
    ]);
    const [, hvSoftware = 'QEMU', hvVersion = ''] =
      /^Running hypervisor: (\S+)(?: (\S+))?/m.exec(before.join('')) ?? [];
    return {
      hypervisor: {
        ...{ hvSoftware, hvVersion, hvObjectID: [] },
        hvUpTime: await hvUpTime(),
      },
      machines: domains.map(({ domain, rest: [info = ''] }) => ({
        ...listed(domain, known),
        known: {
          ...parseDomainInfo(info),
          UUID: Buffer.from(domain.uuid.replaceAll('-', ''), 'hex'),
          ...(domain.maxCpus === undefined ? {} : { maxCpuNumber: domain.maxCpus }),
        },
      })),
    };
  }

  inside(machine: string): Run {
    return guestRun(machine, () => VirshAgent.open(this.options, machine));
  }

  watch(onChange: (reachable?: string) => void, env: Readonly<Record<string, string>>): MachineWatch {
    return new Monitor({
      argv: [...virshWords(this.options), 'event', '--all', '--loop'],
      env: { ...VIRSH_ENVIRONMENT, ...env },
      onLine: (line) => {
        if (CHANGE.test(line)) onChange(REACHABLE.exec(line)?.[1]);
      },
      onGap: () => {
        onChange();
      },
      // Whoever looks is told of it.
      onTrouble: () => undefined,
    });
  }

  withRun(run: Run): LibvirtMachines {
    return new LibvirtMachines(run, this.options);
  }

  async #running(): Promise<{ readonly uuid: string; readonly name: string }[]> {
    const [output = ''] = await readVirsh(this.run, this.options, ['list --uuid --name']);
    return parseList(output);
  }

  /**
   * What is said of all that run, behind what is said of libvirt itself. Those that are gone between the two questions are
   * left out.
   */
  async #read(
    first: readonly string[],
    commandsFor: (domain: { readonly uuid: string }) => readonly [string, ...string[]],
  ): Promise<{ before: string[]; domains: { domain: Domain; rest: string[] }[] }> {
    const running = await this.#running();
    const commands = running.map(commandsFor);
    const lots = [
      first,
      ...inPieces(commands.length, AT_ONCE, (from, to) => commands.slice(from, to)).map((lot) => lot.flat()),
    ];
    // Mostly there is one, which goes with what is asked first.
    const [one = [], two = [], ...more] = lots;
    const said = [];
    for (const lot of [[...one, ...two], ...more]) {
      if (lot.length > 0) said.push(...(await readVirsh(this.run, this.options, lot)));
    }
    const before = said.splice(0, first.length);
    const domains = [];
    for (const { length } of commands) {
      const [xml = '', ...rest] = said.splice(0, length);
      const domain = parseDomain(xml);
      if (domain !== undefined) domains.push({ domain, rest });
    }
    return { before, domains };
  }
}

function listed({ name, uuid, interfaces }: Domain, links: readonly Link[]): ListedMachine {
  return {
    name,
    aliases: [uuid],
    interfaces: interfacesAtHost(interfaces, links),
  };
}
