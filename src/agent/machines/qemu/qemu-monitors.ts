import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, NetmgrError } from '../../../errors.js';
import { MACHINE_NAME } from '../../kernel/names.js';
import { Qmp } from './qmp.js';

const MONITOR = '.qmp';

/** More sockets than a host has machines are somebody's mistake. */
const MAX_MACHINES = 4096;

/** Events after which a machine is reached in another way, or not at all. */
const CHANGES: ReadonlySet<string> = new Set([
  ...['STOP', 'RESUME', 'SHUTDOWN', 'RESET', 'SUSPEND', 'WAKEUP', 'DEVICE_DELETED'],
  ...['MIGRATION', 'NIC_RX_FILTER_CHANGED', 'VSERPORT_CHANGE'],
]);

/** The monitors of the machines whose sockets are in a directory, `NAME.qmp` each, and the connections to them. */
export class QemuMonitors {
  readonly #open = new Map<string, Promise<Qmp>>();
  readonly #listeners = new Set<() => void>();

  constructor(readonly directory: string) {}

  /**
   * The machines that run, by name. The socket of one that was killed stays behind, and leads nowhere.
   *
   * @throws NetmgrError `CommandFailed` if the directory cannot be read
   */
  async running(): Promise<ReadonlyMap<string, Qmp>> {
    const names = await this.#names();
    for (const name of this.#open.keys()) if (!names.includes(name)) await this.#leave(name);
    const found = await Promise.all(
      names.map(async (name) => [name, await this.#connected(name).catch(() => undefined)] as const),
    );
    return new Map(found.flatMap(([name, qmp]) => (qmp === undefined ? [] : [[name, qmp] as const])));
  }

  /** Tells of what the monitors say, until the function that it gives is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Leaves all sockets to others. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((name) => this.#leave(name)));
  }

  async #names(): Promise<string[]> {
    try {
      const files = await readdir(this.directory);
      return files
        .filter((file) => file.endsWith(MONITOR))
        .map((file) => file.slice(0, -MONITOR.length))
        .filter((name) => MACHINE_NAME.test(name))
        .sort()
        .slice(0, MAX_MACHINES);
    } catch (error) {
      throw new NetmgrError({
        kind: 'CommandFailed',
        message: `the sockets of QEMU's monitors cannot be read: ${messageOf(error)}`,
        hint: `Make ${this.directory}, and start the machines with "-qmp unix:${this.directory}/NAME.qmp,server=on,wait=off".`,
        cause: error,
      });
    }
  }

  async #connected(name: string): Promise<Qmp> {
    const known = this.#open.get(name);
    const qmp = await known?.catch(() => undefined);
    if (qmp?.isClosed === false) return qmp;
    const now = this.#open.get(name);
    if (now !== undefined && now !== known) return now;
    const connecting = Qmp.connect(
      join(this.directory, name + MONITOR),
      name,
      (event) => {
        if (CHANGES.has(event)) this.#changed();
      },
      () => {
        this.#changed();
      },
    );
    this.#open.set(name, connecting);
    return connecting;
  }

  async #leave(name: string): Promise<void> {
    const qmp = await this.#open.get(name)?.catch(() => undefined);
    this.#open.delete(name);
    qmp?.close();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
