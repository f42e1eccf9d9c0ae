import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sameForwarding, type MachineState, type Redirects } from '../kernel/ip/machine.js';
import { messageOf, NetmgrError } from '../../errors.js';
import { isDamage, type DurableFiles } from '../../process/durable-files.js';
import type { BridgeNetfilter } from '../kernel/ip/bridge-netfilter.js';
import type { BootClock } from '../store/boot-clock.js';
import { openSealedJson, sealJson } from '../../process/sealed-json.js';
import {
  keptFromJson,
  type KeptFile,
  type KeptMachine,
  type KeptOriginals,
  type KeptQdisc,
} from './kept-originals.js';

const FILE = 'originals.json';

/**
 * How the host was where netmgr changes what others may have set: on the disk before it is changed, and put back when
 * nothing of ours needs it any more.
 */
export class Originals implements KeptOriginals {
  #kept: KeptFile;

  private constructor(
    private readonly path: string,
    private readonly files: DurableFiles,
    kept: KeptFile,
  ) {
    this.#kept = kept;
  }

  /**
   * @returns what is kept in a state directory, and what is wrong with the file, if anything is
   * @throws NetmgrError `AccessDenied` if it cannot be read now
   */
  static async load(
    directory: string,
    files: DurableFiles,
    clock: BootClock,
    looksOnly = false,
  ): Promise<{ originals: Originals; damage: readonly string[] }> {
    const path = join(directory, FILE);
    const { boot } = await clock();
    const damage: string[] = [];
    let kept: KeptFile = nothingKept(boot);
    try {
      const found = keptFromJson(openSealedJson(await readFile(path, 'utf8')));
      if (found.boot === boot) kept = found;
    } catch (error) {
      if (!isDamage(error)) throw unreadable(path, error);
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        damage.push(`${path}: ${messageOf(error)}${looksOnly ? '' : `; ${await files.setAside(path)}`}`);
      }
    }
    return { originals: new Originals(path, files, kept), damage };
  }

  /** Where nothing is known of what was replaced. */
  static unknown(directory: string, files: DurableFiles): Originals {
    return new Originals(join(directory, FILE), files, nothingKept(''));
  }

  get bridgeNetfilter(): BridgeNetfilter | undefined {
    return this.#kept.bridgeNetfilter;
  }

  get qdiscs(): readonly KeptQdisc[] {
    return this.#kept.qdiscs;
  }

  get machines(): readonly KeptMachine[] {
    return this.#kept.machines;
  }

  /** Keeps what machines have inside before it changes; what is known already is older, and stays. */
  async keepMachines(changing: readonly KeptMachine[]): Promise<void> {
    const kept = new Map(this.machines.map((one) => [one.machine, one]));
    for (const { machine, forwarding, redirects, mtus } of changing) {
      const before = kept.get(machine);
      const known = new Set(before?.mtus.map(({ dev }) => dev));
      const oldest = before?.forwarding ?? forwarding;
      kept.set(machine, {
        machine,
        ...(oldest === undefined ? {} : { forwarding: oldest }),
        ...withRedirects({ ...redirects, ...before?.redirects }),
        mtus: [...(before?.mtus ?? []), ...mtus.filter(({ dev }) => !known.has(dev))],
      });
    }
    if (changing.length > 0) await this.#keep({ ...this.#kept, machines: [...kept.values()] });
  }

  /** Forgets of machines what they have inside again. */
  async releaseMachines(present: ReadonlyMap<string, MachineState>): Promise<void> {
    const rest = this.machines.flatMap((one): KeptMachine[] => {
      const now = present.get(one.machine);
      if (now === undefined) return [one];
      const { machine, forwarding, redirects } = one;
      const mtus = one.mtus.filter(({ dev, mtu }) => now.devices.get(dev)?.mtu !== mtu);
      const isBack = forwarding === undefined || sameForwarding(now.forwarding, forwarding);
      const changed = Object.entries(redirects ?? {}).filter(([dev, is]) => now.redirects?.[dev] !== is);
      if (isBack && mtus.length === 0 && changed.length === 0) return [];
      const rest = { ...(isBack ? {} : { forwarding }), ...withRedirects(Object.fromEntries(changed)) };
      return [{ machine, ...rest, mtus }];
    });
    if (JSON.stringify(rest) !== JSON.stringify(this.machines)) {
      await this.#keep({ ...this.#kept, machines: rest });
    }
  }

  /** Keeps qdiscs before they are replaced. */
  async keepQdiscs(replaced: readonly KeptQdisc[]): Promise<void> {
    if (replaced.length === 0) return;
    const vifs = new Set(replaced.map(({ vif }) => vif));
    const others = this.qdiscs.filter(({ vif }) => !vifs.has(vif));
    await this.#keep({ ...this.#kept, qdiscs: [...others, ...replaced] });
  }

  /** Forgets the qdiscs of vifs where they are again, or where somebody has put something else. */
  async releaseQdiscs(vifs: ReadonlySet<string>): Promise<void> {
    const rest = this.qdiscs.filter(({ vif }) => !vifs.has(vif));
    if (rest.length < this.qdiscs.length) await this.#keep({ ...this.#kept, qdiscs: rest });
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

  async #keep(kept: KeptFile): Promise<void> {
    await this.files.write(this.path, sealJson(kept));
    this.#kept = kept;
  }
}

const withRedirects = (redirects: Redirects): Pick<KeptMachine, 'redirects'> =>
  Object.keys(redirects).length === 0 ? {} : { redirects };

const nothingKept = (boot: string): KeptFile => ({ boot, qdiscs: [], machines: [] });

function unreadable(path: string, cause: unknown): NetmgrError {
  return new NetmgrError({
    kind: 'AccessDenied',
    message: `what netmgr has replaced on this host cannot be read: ${messageOf(cause)}`,
    subject: path,
    cause,
  });
}
