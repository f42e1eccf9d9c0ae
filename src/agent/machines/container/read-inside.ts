import type { Run } from '../../../process/run.js';
import { inNamespaceAt } from '../../kernel/ip/in-namespace.js';
import { parseLinks, type Link } from '../../kernel/ip/links.js';
import { holdNamespace, type Entrance, type HeldNamespace } from './entrance.js';

/** How many namespaces are held, and looked into with one process of ours. */
const AT_ONCE = 64;
const SHOW = ['ip', '-j', '-d', 'link', 'show'] as const;

/**
 * The interfaces inside of each of these namespaces: xargs(1) enters one after the other, which blocks the agent once instead of
 * each time. One that has gone meanwhile, or cannot be looked into, is not in the answer.
 */
export async function readInside<E extends Entrance>(
  run: Run,
  entrances: readonly E[],
): Promise<ReadonlyMap<E, readonly Link[]>> {
  const found = new Map<E, readonly Link[]>();
  for (let i = 0; i < entrances.length; i += AT_ONCE) {
    const held: { readonly entrance: E; readonly namespace: HeldNamespace }[] = [];
    try {
      for (const entrance of entrances.slice(i, i + AT_ONCE)) {
        const namespace = await holdNamespace(entrance);
        if (namespace !== undefined) held.push({ entrance, namespace });
      }
      const paths = held.map(({ namespace }) => namespace.path);
      const links = await readAll(run, paths).catch(() => readEach(run, paths));
      for (const [j, { entrance }] of held.entries()) {
        const inside = links[j];
        if (inside !== undefined) found.set(entrance, inside);
      }
    } finally {
      for (const { namespace } of held) await namespace.close();
    }
  }
  return found;
}

/** In their order, for each prints one line. @throws Error if any of them cannot be read */
async function readAll(run: Run, paths: readonly string[]): Promise<(Link[] | undefined)[]> {
  if (paths.length === 0) return [];
  const argv = ['xargs', '--delimiter=\\n', '--replace={}', ...inNamespaceAt('{}'), ...SHOW] as const;
  const { stdout } = await run(argv, { input: paths.map((path) => `${path}\n`).join('') });
  const lines = stdout.split('\n').filter((line) => line !== '');
  if (lines.length !== paths.length) throw new Error('not one line for each namespace');
  return lines.map(parseLinks);
}

async function readEach(run: Run, paths: readonly string[]): Promise<(Link[] | undefined)[]> {
  const found: (Link[] | undefined)[] = [];
  for (const path of paths) {
    try {
      found.push(parseLinks((await run([...inNamespaceAt(path), ...SHOW])).stdout));
    } catch {
      found.push(undefined);
    }
  }
  return found;
}
