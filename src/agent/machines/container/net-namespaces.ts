import { readdir, readlink } from 'node:fs/promises';
import { NetmgrError } from '../../../errors.js';
import { groupBy } from '../../../group-by.js';
import { observeProcess, type ProcessFacts } from '../../../process/process-identity.js';
import type { Run } from '../../../process/run.js';
import { numberOf, recordOf, recordsOf, textOf } from '../../kernel/printed.js';

/** Inodes of nsfs name network namespaces as long as they exist (namespaces(7)). */
export type Inode = number;

const LINK = /^net:\[([0-9]{1,15})\]$/;

/** The network namespace of a process; undefined if it is gone, or we may not look. */
export async function netNamespaceOf(pid: number): Promise<Inode | undefined> {
  return inodeIn(await readlink(`/proc/${String(pid)}/ns/net`).catch(() => ''));
}

/** The network namespace that commands run in: the host's. @throws NetmgrError `CommandFailed` */
export async function ownNetNamespace(run: Run): Promise<Inode> {
  const path = '/proc/self/ns/net';
  const inode = inodeIn((await run(['readlink', path])).stdout.trim());
  if (inode !== undefined) return inode;
  throw new NetmgrError({
    kind: 'CommandFailed',
    message: 'the network namespace of this host cannot be told',
    subject: path,
    hint: 'Look what readlink says of it.',
  });
}

function inodeIn(text: string): Inode | undefined {
  const [, inode] = LINK.exec(text) ?? [];
  return inode === undefined ? undefined : Number(inode);
}

/**
 * The namespaces of processes that interfaces of the host lead into, by the numbers that the host has given them
 * (lsns(8), RTM_GETNSID), with one process.
 *
 * @throws NetmgrError `CommandFailed`
 */
export async function readNamespaceIds(run: Run): Promise<ReadonlyMap<number, Inode>> {
  const { stdout } = await run(['lsns', '--json', '--type', 'net', '--output', 'NS,NETNSID']);
  return parseNamespaceIds(stdout);
}

/** Reads what lsns prints as JSON; nothing at all where there is nothing. @throws SyntaxError if it is none */
export function parseNamespaceIds(output: string): ReadonlyMap<number, Inode> {
  const list = output.trim() === '' ? [] : recordOf(JSON.parse(output))['namespaces'];
  return new Map(
    recordsOf(JSON.stringify(list ?? [])).flatMap(({ ns, netnsid }) =>
      // "unassigned", where no interface leads into it.
      /^[0-9]{1,9}$/.test(textOf(netnsid)) ? [[Number(netnsid), numberOf(ns)] as const] : [],
    ),
  );
}

/** The processes in each of these namespaces, the oldest first. Whom we may not look at is left out. */
export async function processesIn(
  inodes: ReadonlySet<Inode>,
): Promise<ReadonlyMap<Inode, readonly ProcessFacts[]>> {
  if (inodes.size === 0) return new Map();
  const found: { readonly inode: Inode; readonly facts: ProcessFacts }[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue;
    const inode = await netNamespaceOf(Number(name));
    if (inode === undefined || !inodes.has(inode)) continue;
    const facts = await observeProcess(Number(name));
    if (facts !== undefined) found.push({ inode, facts });
  }
  found.sort((a, b) => ageOf(a.facts) - ageOf(b.facts) || a.facts.pid - b.facts.pid);
  const groups = groupBy(found, ({ inode }) => inode);
  return new Map([...groups].map(([inode, processes]) => [inode, processes.map(({ facts }) => facts)]));
}

const ageOf = ({ startTime }: ProcessFacts): number => Number(startTime);
