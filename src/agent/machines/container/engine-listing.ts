import { NetmgrError } from '../../../errors.js';
import { observeProcess } from '../../../process/process-identity.js';
import type { Run } from '../../../process/run.js';
import type { Engine, EngineContainer } from './engine.js';
import type { Entrance } from './entrance.js';
import { netNamespaceOf, type Inode } from './net-namespaces.js';

/** A container of an engine, and its network. */
export interface ToldContainer extends Entrance {
  readonly told: EngineContainer;
}

interface Said {
  readonly containers: readonly ToldContainer[];
  /** All namespaces that interfaces led into then, whether an engine knew them or not. */
  readonly seen: ReadonlySet<Inode>;
  /** Milliseconds, of performance.now(). */
  readonly at: number;
}

/** Milliseconds for which what engines said is good, if they have told of nothing since. */
const GOOD_FOR = 5000;

/**
 * What the engines say of their containers. They take longer to answer than all else that is read of a host, and a container that
 * comes or goes leads to several looks: as long as they are listened to and tell of nothing, their processes are those that they
 * were, and no interface leads elsewhere, they are not asked again.
 */
export class EngineListing {
  #said: Said | undefined;
  #news = 0;
  #listened: ReadonlySet<Engine> = new Set();

  /** Which engines are listened to from now on. */
  listensTo(engines: readonly Engine[]): void {
    this.#listened = new Set(engines);
    this.news();
  }

  /** One of them has told of something. */
  news(): void {
    this.#news++;
    this.#said = undefined;
  }

  /**
   * @param inodes of the namespaces that interfaces lead into now
   * @throws NetmgrError `CommandFailed`
   */
  async containers(
    run: Run,
    engines: readonly Engine[],
    inodes: ReadonlySet<Inode>,
  ): Promise<readonly ToldContainer[]> {
    const said = this.#said;
    if (said !== undefined && engines.every((engine) => this.#listened.has(engine))) {
      if (await isGood(said, inodes)) return said.containers;
    }
    const news = this.#news;
    const containers = await ask(run, engines);
    if (this.#news === news) this.#said = { containers, seen: inodes, at: performance.now() };
    return containers;
  }
}

async function isGood({ containers, seen, at }: Said, inodes: ReadonlySet<Inode>): Promise<boolean> {
  if (performance.now() - at > GOOD_FOR) return false;
  if (![...inodes].every((inode) => seen.has(inode))) return false;
  for (const { process, inode } of containers) {
    if ((await observeProcess(process.pid))?.startTime !== process.startTime) return false;
    if ((await netNamespaceOf(process.pid)) !== inode) return false;
  }
  return true;
}

function closed({ name, pid }: EngineContainer): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `the network of process ${String(pid)} may not be looked up`,
    subject: name,
    hint: 'Give the agent CAP_SYS_PTRACE: netmgr agent install --machines container writes a unit that does.',
  });
}

/** Without those that have gone since they were listed. @throws NetmgrError `CommandFailed` */
async function ask(run: Run, engines: readonly Engine[]): Promise<readonly ToldContainer[]> {
  const known = new Map<number, ToldContainer>();
  for (const engine of engines) {
    for (const told of await engine.list(run)) {
      // One engine may be called by the names of two: podman-docker has Podman be Docker.
      if (known.has(told.pid)) continue;
      const inode = await netNamespaceOf(told.pid);
      const process = await observeProcess(told.pid);
      if (process === undefined) continue;
      if (inode === undefined) throw closed(told);
      known.set(told.pid, { process, inode, told });
    }
  }
  return [...known.values()];
}
