import { randomBytes } from 'node:crypto';
import { observeProcess } from '../../../process/process-identity.js';
import type { Run } from '../../../process/run.js';

const NAME = /^nmprobe-(\d{1,9})-[0-9a-f]{8}\b/gm;

/**
 * Does work in a network namespace of its own, which is gone afterwards.
 *
 * @throws NetmgrError `CommandFailed` if none can be made
 */
export async function inScratchNamespace<T>(run: Run, work: (name: string) => Promise<T>): Promise<T> {
  const name = `nmprobe-${String(process.pid)}-${randomBytes(4).toString('hex')}`;
  await run(['ip', 'netns', 'add', name]);
  try {
    return await work(name);
  } finally {
    await run(['ip', 'netns', 'del', name]);
  }
}

/** The namespaces that a process left there which was killed meanwhile. */
export async function leftScratchNamespaces(run: Run): Promise<string[]> {
  const { stdout } = await run(['ip', 'netns', 'list']);
  const left: string[] = [];
  for (const [name, pid] of stdout.matchAll(NAME)) {
    if ((await observeProcess(Number(pid))) === undefined) left.push(name);
  }
  return left;
}
