import { NetmgrError } from '../../errors.js';
import { run } from '../../process/run.js';
import type { LabLayout } from '../layout.js';
import { writeLabFile } from './directory.js';

// Duplicate address detection would keep every new IPv6 address unusable for a second or two. It must be off before
// the first interface appears: an interface copies `default` at its birth.
const NO_DAD = ['net.ipv6.conf.all.accept_dad=0', 'net.ipv6.conf.default.accept_dad=0'];

/** Milliseconds: thousands of machines take minutes on a slow kernel. */
const LONGEST = 1_800_000;

/**
 * Builds a layout with few processes: what concerns the lab's own namespace is one batch, and one `ip` starts what has
 * to run in each other namespace.
 */
export async function buildLayout(layout: LabLayout): Promise<void> {
  const { namespaces } = layout;
  await runBatch(
    'ip',
    namespaces.map((name) => `netns add ${name}`),
  );
  await runBatch(
    'ip',
    namespaces.map((name) => `netns exec ${name} sysctl -q -w ${NO_DAD.join(' ')}`),
  );
  await runBatch('ip', layout.root.ip);
  await runBatch('tc', layout.root.tc);
  const lines: string[] = [];
  for (const { namespace, ip, tc } of layout.inside) {
    const file = await writeLabFile(`build/${namespace}.ip`, asText(ip));
    lines.push(`netns exec ${namespace} ip -batch ${file}`);
    if (tc.length === 0) continue;
    const rates = await writeLabFile(`build/${namespace}.tc`, asText(tc));
    lines.push(`netns exec ${namespace} tc -batch ${rates}`);
  }
  await runBatch('ip', lines);
}

async function runBatch(tool: 'ip' | 'tc', lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  try {
    await run([tool, '-batch', '-'], { input: asText(lines), timeout: LONGEST });
  } catch (error) {
    throw error instanceof NetmgrError ? withLine(error, tool, lines) : error;
  }
}

/** Both tools say `Command failed -:7` after the kernel's words. */
function withLine(error: NetmgrError, tool: string, lines: readonly string[]): NetmgrError {
  const number = /^Command failed -:(\d+)\s*$/m.exec(error.message)?.[1];
  const line = number === undefined ? undefined : lines[Number(number) - 1];
  return new NetmgrError({
    kind: 'CommandFailed',
    message:
      line === undefined
        ? error.message
        : `${error.message.replace(/^Command failed .*$/gm, '').trim()} (${tool} ${line})`,
    hint: error.hint,
    cause: error.cause,
  });
}

function asText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
