import { watch as watchFiles, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { VmRow } from '../../../mib/vm/vm-table.js';
import type { Run } from '../../../process/run.js';
import type { Link } from '../../kernel/ip/links.js';
import { expectMachineName } from '../../kernel/names.js';
import { numberOf, recordOf, textOf } from '../../kernel/printed.js';
import { guestRun } from '../guest-agent/run-in-guest.js';
import { SharedAgent } from '../guest-agent/shared-agent.js';
import { SocketAgent } from '../guest-agent/socket-agent.js';
import type { ListedMachine, MachineDriver, MachineWatch, Survey } from '../machine-driver.js';
import { parseNetwork } from './parse-network.js';
import { QemuMonitors } from './qemu-monitors.js';
import type { Qmp } from './qmp.js';
import { hvUpTime, NO_LIMIT } from '../vm-mib-values.js';
import { INSIDE_CAPABILITIES } from '../inside-capabilities.js';
import { interfacesAtHost } from '../interfaces-at-host.js';

const KIBIBYTE = 1024;

/** Of a machine that was given none. */
const NO_UUID = '00000000-0000-0000-0000-000000000000';

/** Milliseconds after which a directory that could not be watched is tried again. */
const RETRY = 5000;

const STATES: Readonly<Record<string, VmRow['operState']>> = {
  running: 'running',
  paused: 'paused',
  prelaunch: 'preparing',
  suspended: 'suspended',
  inmigrate: 'migrating',
  postmigrate: 'paused',
  'finish-migrate': 'migrating',
  shutdown: 'shutdown',
  'internal-error': 'crashed',
  'guest-panicked': 'crashed',
};

/**
 * Machines that are QEMUs which nobody manages, each with a monitor's socket `NAME.qmp` and a guest agent's `NAME.qga` in a
 * directory. No process is needed for anything.
 */
export class QemuMachines implements MachineDriver {
  readonly backend = 'qemu';
  readonly capabilities = INSIDE_CAPABILITIES;
  /** Whoever starts a QEMU names its tap. */
  readonly findsVifs = false;
  readonly interfacePrefixes = [];
  readonly #agents = new Map<string, SharedAgent>();

  /** @param monitors of the directory, which only root may write to: whoever can put a socket there speaks for a machine */
  constructor(private readonly monitors: QemuMonitors) {}

  async find(): Promise<string[]> {
    return [...(await this.monitors.running()).keys()];
  }

  async list(links: Iterable<Link>): Promise<readonly ListedMachine[]> {
    const known = [...links];
    const machines = await this.monitors.running();
    const listed = await Promise.all(
      [...machines].map(([name, qmp]) => listOne(name, qmp, known).catch(() => undefined)),
    );
    return listed.filter((machine) => machine !== undefined);
  }

  async survey(links: Iterable<Link>): Promise<Survey> {
    const monitors = await this.monitors.running();
    const listed = await this.list(links);
    const machines = await Promise.all(
      listed.map(async (machine) => {
        const qmp = monitors.get(machine.name);
        return { ...machine, known: qmp === undefined ? {} : await knownOf(qmp).catch(() => ({})) };
      }),
    );
    const [first] = monitors.values();
    return {
      hypervisor: {
        ...{ hvSoftware: 'QEMU', hvObjectID: [] },
        hvVersion: first === undefined ? '' : await versionOf(first).catch(() => ''),
        hvUpTime: await hvUpTime(),
      },
      machines,
    };
  }

  inside(machine: string): Run {
    const name = expectMachineName(machine);
    const path = join(this.monitors.directory, `${name}.qga`);
    const channel = `"-chardev socket,id=qga,path=${path},server=on,wait=off -device virtio-serial -device virtserialport,chardev=qga,name=org.qemu.guest_agent.0"`;
    const shared = this.#agents.get(name) ?? new SharedAgent(() => SocketAgent.connect(path, name, channel));
    this.#agents.set(name, shared);
    return guestRun(name, shared.open);
  }

  /** By what the monitors tell, and by the sockets that come and go. */
  watch(onChange: () => void): MachineWatch {
    const { directory } = this.monitors;
    let watcher: FSWatcher | undefined;
    let timer: NodeJS.Timeout | undefined;
    const stopListening = this.monitors.listen(onChange);
    const begin = (): void => {
      try {
        watcher = watchFiles(directory, () => {
          // So that the monitor of a new machine is heard.
          void this.monitors.running().then(onChange, onChange);
        });
        watcher.on('error', again);
      } catch {
        again();
      }
    };
    const again = (): void => {
      watcher?.close();
      timer = setTimeout(begin, RETRY);
    };
    begin();
    void this.monitors.running().catch(() => undefined);
    return {
      stop: async () => {
        clearTimeout(timer);
        watcher?.close();
        stopListening();
        await this.monitors.close();
      },
    };
  }

  /** Nothing of it is a command on the host. */
  withRun(): this {
    return this;
  }
}

async function listOne(name: string, qmp: Qmp, links: readonly Link[]): Promise<ListedMachine> {
  const [said, called, id] = await Promise.all([
    qmp.ask('human-monitor-command', { 'command-line': 'info network' }),
    qmp.ask('query-name'),
    qmp.ask('query-uuid'),
  ]);
  const aliases = [textOf(recordOf(called)['name']), textOf(recordOf(id)['UUID'])];
  return {
    name,
    aliases: aliases.filter((alias) => alias !== '' && alias !== name && alias !== NO_UUID),
    interfaces: interfacesAtHost(parseNetwork(textOf(said)), links),
  };
}

async function knownOf(qmp: Qmp): Promise<Partial<Omit<VmRow, 'index' | 'name'>>> {
  const [status, id, cpus, memory] = await Promise.all([
    qmp.ask('query-status'),
    qmp.ask('query-uuid'),
    qmp.ask('query-cpus-fast'),
    qmp.ask('query-memory-size-summary'),
  ]);
  const uuid = textOf(recordOf(id)['UUID']);
  const operState = STATES[textOf(recordOf(status)['status'])] ?? 'other';
  const kibibytes = Math.floor(numberOf(recordOf(memory)['base-memory']) / KIBIBYTE);
  return {
    ...{ operState, autoStart: 'disabled', persistent: 'transient' },
    ...(operState === 'running' || operState === 'paused' ? { adminState: operState } : {}),
    UUID: uuid === NO_UUID ? Buffer.alloc(0) : Buffer.from(uuid.replaceAll('-', ''), 'hex'),
    ...(Array.isArray(cpus) ? { curCpuNumber: cpus.length } : {}),
    ...{ memUnit: KIBIBYTE, curMem: kibibytes, minMem: NO_LIMIT, maxMem: kibibytes },
  };
}

async function versionOf(qmp: Qmp): Promise<string> {
  const { major, minor, micro } = recordOf(recordOf(await qmp.ask('query-version'))['qemu']);
  return [major, minor, micro].map((part) => String(numberOf(part))).join('.');
}
