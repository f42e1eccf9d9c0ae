import { NetmgrError } from '../../../errors.js';
import type { Run } from '../../../process/run.js';
import { runBatch } from '../run-batch.js';
import { ifbName, isIfbName } from '../tc/ifb-name.js';
import type { Link } from './links.js';

const ALIAS_PREFIX = 'netmgr:';

/** The vif of an IFB of ours; undefined for any other interface. */
export function vifOfIfb({ name, kind, alias }: Link): string | undefined {
  if (kind !== 'ifb' || alias?.startsWith(ALIAS_PREFIX) !== true) return undefined;
  const vif = alias.slice(ALIAS_PREFIX.length);
  return isIfbName(name) ? vif : undefined;
}

/** Whether it is an IFB of ours, with its alias or on the way to it. */
function isOurs(link: Link): boolean {
  return (
    link.kind === 'ifb' && isIfbName(link.name) && (link.alias === undefined || vifOfIfb(link) !== undefined)
  );
}

/**
 * The lines for `ip -batch` that make the IFBs of the given vifs, before tc needs them.
 *
 * @throws NetmgrError `Conflict` if an interface of another kind has the name
 */
export function writeIfbAdditions(links: readonly Link[], vifs: Iterable<string>): string {
  const byName = new Map(links.map((link) => [link.name, link]));
  const lines: string[] = [];
  for (const vif of vifs) {
    const name = ifbName(vif);
    const held = byName.get(name);
    if (held !== undefined && !isOurs(held)) {
      throw new NetmgrError({
        kind: 'Conflict',
        message: `the interface ${name} exists and is not netmgr's`,
        subject: vif,
        hint: `Look at "ip -d link show ${name}" and remove it if nothing needs it.`,
      });
    }
    if (held === undefined) lines.push(`link add name ${name} numtxqueues 1 numrxqueues 1 type ifb`);
    if (held?.alias !== ALIAS_PREFIX + vif) lines.push(`link set dev ${name} alias ${ALIAS_PREFIX}${vif}`);
    if (held?.up !== true) lines.push(`link set dev ${name} up`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** The lines for `ip -batch` that take away our IFBs but those of the given vifs, after tc let go of them. */
export function writeIfbRemovals(links: readonly Link[], vifs: Iterable<string>): string {
  const kept = new Set([...vifs].map(ifbName));
  return links
    .filter((link) => isOurs(link) && !kept.has(link.name))
    .map(({ name }) => `link del dev ${name}\n`)
    .join('');
}

/** Makes the IFBs that are missing: one process, or none. */
export async function addIfbs(run: Run, links: readonly Link[], vifs: Iterable<string>): Promise<void> {
  await runBatch(run, ['ip', '-batch', '-'], writeIfbAdditions(links, vifs));
}

/** Takes away the IFBs that are left over: one process, or none. */
export async function removeIfbs(run: Run, links: readonly Link[], vifs: Iterable<string>): Promise<void> {
  await runBatch(run, ['ip', '-batch', '-'], writeIfbRemovals(links, vifs));
}
