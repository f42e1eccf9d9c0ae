import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandOutput, Run } from '../../../src/process/run.js';
import { startAttached, type AttachedProcess } from '../../../src/process/start-attached.js';
import { until, untilReady, type FixtureMachine } from '../fixture.js';
import { guestKit } from '../guest/guest-kit.js';
import { LibvirtHost } from '../libvirt-host.js';
import { TestHost } from '../test-host.js';
import {
  GUESTS,
  HOST_NAMES,
  HOSTS,
  realFile,
  virtualFile,
  type GridSettings,
  type Guest,
  type HostName,
} from './grid-files.js';
import { AUTH, MAIN, ManagedHost, PRIV } from './managed-host.js';

/** Milliseconds for the manager: each machine is reached through an emulated guest. */
const MANAGER_TIMEOUT = 300_000;

/** Two hosts of libvirt whose bridges are joined, an agent on each, guests, and a manager at the first. */
export class LibvirtGrid {
  readonly #places = new Map<string, HostName>(GUESTS.map(({ name, home }) => [name, home]));

  private constructor(
    readonly hosts: Readonly<Record<HostName, ManagedHost>>,
    readonly directory: string,
  ) {}

  /**
   * @param others machines beside those of the grid, at the first host
   * @param guests those of the grid
   */
  static async start(
    others: readonly FixtureMachine[] = [],
    guests: readonly Guest[] = GUESTS,
  ): Promise<LibvirtGrid> {
    const kit = await guestKit();
    const [first, second] = [await TestHost.create(), await TestHost.create()];
    await first.join(second, 'up0', () => ['link set up0 master br0']);
    await first.join(second, 'mgmt', (end) => [
      `addr add ${HOSTS[end === 0 ? 'host1' : 'host2']}/24 dev mgmt`,
    ]);
    const made: ManagedHost[] = [];
    try {
      for (const [host, name] of [[first, 'host1'] as const, [second, 'host2'] as const]) {
        made.push(new ManagedHost(name, await LibvirtHost.create(host, HOSTS[name])));
      }
      const [host1, host2] = made as [ManagedHost, ManagedHost];
      const hosts = { host1, host2 };
      const grid = new LibvirtGrid(hosts, await mkdtemp(join(tmpdir(), 'netmgr-libvirt-grid-')));
      for (const guest of guests) await hosts[guest.home].libvirt.define(kit, guest);
      for (const other of others) await host1.libvirt.define(kit, other);
      await Promise.all(made.map((host) => host.startAgent()));
      await Promise.all([
        ...guests.map((guest) => grid.startGuest(guest)),
        ...others.map(async (other) => {
          await host1.libvirt.virsh('start', other.name);
          await untilReady(host1.driver.inside(other.name));
        }),
      ]);
      return grid;
    } catch (error) {
      for (const host of made) await host.stop();
      throw error;
    }
  }

  /** Where a guest is. */
  hostOf({ name }: Pick<Guest, 'name'>): ManagedHost {
    return this.hosts[this.#places.get(name) ?? 'host1'];
  }

  inside(guest: Pick<Guest, 'name'>): Run {
    return this.hostOf(guest).driver.inside(guest.name);
  }

  /** Starts a guest where it is; fulfils when its guest agent answers. */
  async startGuest(guest: Guest): Promise<void> {
    await this.hostOf(guest).libvirt.virsh('start', guest.name);
    await untilReady(this.inside(guest));
  }

  /** Moves a guest to the other host, live. */
  async migrate(guest: Guest): Promise<void> {
    const from = this.hostOf(guest);
    const to = this.hosts[from.name === 'host1' ? 'host2' : 'host1'];
    await from.libvirt.migrate(guest, to.libvirt);
    this.#places.set(guest.name, to.name);
  }

  /** The interface of a guest, at the host where it is. @throws Error if it has none */
  async tapOf(guest: Guest): Promise<string> {
    const host = this.hostOf(guest);
    const tap = await host.tapOf(guest);
    if (tap === undefined) throw new Error(`${guest.name} has no interface at ${host.name}`);
    return tap;
  }

  /** Writes both files, and runs the manager with them. */
  async write(settings: GridSettings = {}): Promise<void> {
    await writeFile(join(this.directory, 'real.xml'), realFile(settings));
    await writeFile(join(this.directory, 'virtual.xml'), virtualFile(settings));
  }

  /** Runs the manager with the files, in the network of the first host, whatever its exit code. */
  netmgr(verb: string, ...words: readonly string[]): Promise<CommandOutput> {
    return this.#run([verb, ...this.#files(verb), ...words]);
  }

  /** Has the manager write what it finds on both hosts in place of the real file. @throws Error with what it says unless all answers */
  async discover(): Promise<string> {
    const hosts = HOST_NAMES.map((name) => `${name}=${HOSTS[name]}`);
    const file = join(this.directory, 'real.xml');
    const words = ['--user', 'netmgr', '--from', 'env:NETMGR_GRID', '--replace', '--out', file];
    const { exitCode, stdout, stderr } = await this.#run(['discover', ...hosts, ...words]);
    if (exitCode === 0) return stdout;
    throw new Error(`netmgr discover ended with ${String(exitCode)}: ${stderr}${stdout}`);
  }

  /** Starts a command of the manager that goes on. */
  startNetmgr(verb: string, ...words: readonly string[]): AttachedProcess {
    const command = [process.execPath, MAIN, verb, ...this.#files(verb), ...words] as const;
    return startAttached([...this.hosts.host1.libvirt.host.enter, ...command], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...(process.env as Record<string, string>), ...this.#env },
    });
  }

  /** Runs the manager. @throws Error with what it says unless it ends with 0 */
  async manage(verb: string, ...words: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.netmgr(verb, ...words);
    if (exitCode === 0) return stdout;
    throw new Error(`netmgr ${verb} ended with ${String(exitCode)}: ${stderr}${stdout}`);
  }

  /** Fulfils when the inside of a guest has its address. */
  async untilAddressed(guest: Guest, timeout?: number): Promise<void> {
    const has = async (): Promise<boolean> => {
      const { stdout } = await this.inside(guest)(['ip', '-o', 'address', 'show', 'dev', 'eth0']);
      return stdout.includes(` ${guest.address}/`);
    };
    await until(`${guest.name} has its address`, has, timeout);
  }

  async stop(): Promise<void> {
    for (const name of HOST_NAMES) await this.hosts[name].stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  #run(words: readonly string[]): Promise<CommandOutput> {
    const command = [process.execPath, MAIN, ...words] as const;
    return this.hosts.host1.run(command, {
      env: this.#env,
      timeout: MANAGER_TIMEOUT,
      accept: [0, 1, 2],
    });
  }

  #files(verb: string): string[] {
    const names = ['real.xml', ...(verb === 'status' ? [] : ['virtual.xml'])];
    return names.map((name) => join(this.directory, name));
  }

  get #env(): Readonly<Record<string, string>> {
    return {
      NETMGR_GRID_AUTH: AUTH,
      NETMGR_GRID_PRIV: PRIV,
      NETMGR_STATE_DIRECTORY: join(this.directory, 'state'),
    };
  }
}
