import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.js';
import type { DurableFiles } from '../../process/durable-files.js';
import type { BridgeNetfilter } from '../kernel/ip/bridge-netfilter.js';
import type { BootClock } from '../store/boot-clock.js';
import { openSealedJson, sealJson } from '../../process/sealed-json.js';

const FILE = 'originals.json';

interface Kept {
  /** The life of the kernel that it was read in: sysctls begin anew with the next one. */
  readonly boot: string;
  readonly bridgeNetfilter?: BridgeNetfilter;
}

/**
 * How the host was where netmgr changes what others may have set: on the disk before it is changed, and put back when
 * nothing of ours needs it any more.
 */
export class Originals {
  #kept: Kept;

  private constructor(
    private readonly path: string,
    private readonly files: DurableFiles,
    kept: Kept,
  ) {
    this.#kept = kept;
  }

  /** @returns what is kept in a state directory, and what is wrong with the file, if anything is */
  static async load(
    directory: string,
    files: DurableFiles,
    clock: BootClock,
  ): Promise<{ originals: Originals; damage: readonly string[] }> {
    const path = join(directory, FILE);
    const { boot } = await clock();
    const damage: string[] = [];
    let kept: Kept = { boot };
    try {
      const found = openSealedJson(await readFile(path, 'utf8')) as Kept;
      if (found.boot === boot) kept = found;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        const aside = `${path}.damaged-${new Date().toISOString()}`;
        await files.setAside(path, aside);
        damage.push(`${path}: ${messageOf(error)}; it was set aside as ${aside}`);
      }
    }
    return { originals: new Originals(path, files, kept), damage };
  }

  /** How br_netfilter was before netmgr turned it on; undefined while it has not. */
  get bridgeNetfilter(): BridgeNetfilter | undefined {
    return this.#kept.bridgeNetfilter;
  }

  /** Keeps how br_netfilter is before it becomes `next`, unless that is known already. */
  async keepBridgeNetfilter(present: BridgeNetfilter, next: BridgeNetfilter): Promise<void> {
    const isChanged = present[4] !== next[4] || present[6] !== next[6];
    if (!isChanged || this.#kept.bridgeNetfilter !== undefined) return;
    await this.#keep({ ...this.#kept, bridgeNetfilter: present });
  }

  /** Forgets how br_netfilter was, once it is so again. */
  async releaseBridgeNetfilter(present: BridgeNetfilter): Promise<void> {
    const { bridgeNetfilter: original, ...rest } = this.#kept;
    if (original?.[4] === present[4] && original[6] === present[6]) await this.#keep(rest);
  }

  async #keep(kept: Kept): Promise<void> {
    await this.files.write(this.path, sealJson(kept));
    this.#kept = kept;
  }
}
