import { groupBy } from '../../../group-by.js';
import type { Run } from '../../../process/run.js';
import type { Link } from '../../kernel/ip/links.js';
import { endsByNamespace } from '../veth-ends.js';
import type { EngineContainer } from './engine.js';
import type { ToldContainer } from './engine-listing.js';
import type { Entrance } from './entrance.js';
import { processName } from './names.js';
import { processesIn, readNamespaceIds, type Inode } from './net-namespaces.js';

/** A network namespace of containers or processes: what netmgr has as a machine. */
export interface Container extends Entrance {
  readonly name: string;
  readonly aliases: readonly string[];
  /** The interfaces of the host that lead into it. */
  readonly ends: readonly Link[];
  /** Absent for one without an engine. */
  readonly told?: EngineContainer;
}

/** How an interface of the host leads into a container. */
const KINDS: ReadonlySet<string> = new Set(['veth', 'netkit']);

/**
 * The containers that the engines know, and whatever else these interfaces lead into. Containers that share a namespace, such as
 * those of a pod, are one machine: what one of them is given, all have.
 *
 * @param tell says which containers the engines know, given the namespaces that interfaces lead into
 * @param own the namespace of the host
 * @throws NetmgrError `CommandFailed` if an engine or the kernel does not answer
 */
export async function discover(
  run: Run,
  tell: (inodes: ReadonlySet<Inode>) => Promise<readonly ToldContainer[]>,
  links: Iterable<Link>,
  own: Inode,
): Promise<readonly Container[]> {
  const ends = await endsByInode(run, links);
  const known = await tell(new Set(ends.keys()));
  const groups = groupBy(
    known.filter(({ inode }) => inode !== own),
    ({ inode }) => inode,
  );
  const containers = [...groups].map(([inode, members]) => ofEngine(inode, members, ends.get(inode) ?? []));
  // What these share is the host's, and makes no machine of them.
  const inHost = known.filter(({ inode }) => inode === own);
  containers.push(...inHost.map((one) => ofEngine(own, [one], [])));
  const others = await processesIn(new Set([...ends.keys()].filter((inode) => !groups.has(inode))));
  for (const [inode, [first, ...rest]] of others) {
    if (first === undefined) continue;
    containers.push({
      ...{ name: processName(first.pid), aliases: rest.map(({ pid }) => processName(pid)) },
      ...{ process: first, inode, ends: ends.get(inode) ?? [] },
    });
  }
  return containers;
}

async function endsByInode(run: Run, links: Iterable<Link>): Promise<ReadonlyMap<Inode, readonly Link[]>> {
  const ends = endsByNamespace([...links].filter(({ kind = '' }) => KINDS.has(kind)));
  if (ends.size === 0) return new Map();
  const inodes = await readNamespaceIds(run);
  return new Map(
    [...ends].flatMap(([id, links_]) => {
      const inode = inodes.get(id);
      return inode === undefined ? [] : [[inode, links_] as const];
    }),
  );
}

/** The one that the others were told to join gives its name, or else the oldest. */
function ofEngine(inode: Inode, members: readonly ToldContainer[], ends: readonly Link[]): Container {
  const byAge = [...members].sort((a, b) => Number(a.process.startTime) - Number(b.process.startTime));
  const owner = byAge.find(({ told }) => !told.network.startsWith('container:')) ?? byAge[0];
  if (owner === undefined) throw new Error('a namespace of nobody');
  const { name } = owner.told;
  const names = byAge.flatMap(({ told }) => [told.name, ...told.ids, processName(told.pid)]);
  const aliases = [...new Set(names)].filter((alias) => alias !== name);
  return { name, aliases, process: owner.process, inode, ends, told: owner.told };
}
