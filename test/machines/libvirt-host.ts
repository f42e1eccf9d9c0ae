import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run, type CommandOutput } from '../../src/process/run.js';
import { startAttached, type AttachedProcess } from '../../src/process/start-attached.js';
import { until, type FixtureMachine } from './fixture.js';
import type { GuestKit } from './guest/guest-kit.js';
import { ENDS_WITH_US, type TestHost } from './test-host.js';

const SCRIPT = join(import.meta.dirname, 'libvirt-host');

/** A host with a libvirt of its own. */
export class LibvirtHost {
  private constructor(
    readonly host: TestHost,
    /** By which other hosts reach it, on its interface `mgmt`. */
    readonly address: string,
    private readonly libvirtd: AttachedProcess,
  ) {}

  /** @param address at which it listens, on an interface that has it; none without others */
  static async create(host: TestHost, address = ''): Promise<LibvirtHost> {
    const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'netmgr', 'libvirt');
    const namespaces = ['--mount', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc'];
    const libvirtd = startAttached(
      [
        ...[...host.enter, ...ENDS_WITH_US, 'unshare', ...namespaces, '--'],
        ...[SCRIPT, host.directory, cache, host.name, address, randomUUID()],
      ] as [string, ...string[]],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const created = new LibvirtHost(host, address, libvirtd);
    await until('libvirtd answers', async () => (await created.virsh('version')).exitCode === 0, 30_000);
    return created;
  }

  /** Where virsh reaches it from anywhere on this machine. */
  get uri(): string {
    return `qemu+unix:///system?socket=${this.host.directory}/run/libvirt/libvirt-sock`;
  }

  /** The words before a command that is to find this libvirt as its system's: in all the namespaces of libvirtd. */
  async enter(): Promise<readonly ['nsenter', ...string[]]> {
    const pid = String(this.libvirtd.pid);
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const target = children.trim().split(' ')[0] ?? '';
    return ['nsenter', '-t', target, '--mount', '--net', '--uts', '--pid', '--'];
  }

  virsh(...words: readonly string[]): Promise<CommandOutput> {
    return run(['virsh', '-q', '-c', this.uri, ...words]);
  }

  /** Makes a machine known that has one interface, at the host's bridge, and a guest agent. */
  async define(kit: GuestKit, machine: FixtureMachine, interfaces?: string): Promise<void> {
    const file = join(this.host.directory, `${machine.aliases[0] ?? ''}.xml`);
    await writeFile(file, domainXml(kit, machine, interfaces ?? bridged(machine.mac, this.host.bridge)));
    await this.virsh('define', file);
  }

  /** Moves a running machine to another host, live. Both have the same files, and it has no disk. */
  async migrate({ aliases: [uuid = ''] }: FixtureMachine, to: LibvirtHost): Promise<void> {
    // From daemon to daemon: virsh is in nobody's network.
    const target = [`qemu+tcp://${to.address}/system`, `tcp://${to.address}`];
    await this.virsh('migrate', '--live', '--p2p', '--unsafe', uuid, ...target);
  }

  /** Ends libvirtd and all its machines. */
  async stop(): Promise<void> {
    this.libvirtd.kill('SIGKILL');
    await this.libvirtd.ended;
  }
}

const bridged = (mac: string, bridge: string): string =>
  `<interface type='bridge'><mac address='${mac}'/><source bridge='${bridge}'/><model type='virtio'/></interface>`;

const escaped = (text: string): string =>
  text.replace(/[&<>'"]/g, (character) => `&#${String(character.charCodeAt(0))};`);

function domainXml(
  kit: GuestKit,
  { name, aliases: [uuid = ''] }: FixtureMachine,
  interfaces: string,
): string {
  return `<domain type='qemu'>
  <name>${escaped(name)}</name>
  <uuid>${uuid}</uuid>
  <memory unit='MiB'>${String(kit.memory)}</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <kernel>${escaped(kit.kernel)}</kernel>
    <initrd>${escaped(kit.initramfs)}</initrd>
    <cmdline>${escaped(kit.commandLine)}</cmdline>
  </os>
  <features><acpi/></features>
  <on_reboot>restart</on_reboot>
  <devices>
    ${interfaces}
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
    <serial type='file'><source path='/var/log/libvirt/${uuid}.serial'/></serial>
  </devices>
</domain>
`;
}
