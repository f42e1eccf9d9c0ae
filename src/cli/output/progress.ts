import type { DefaultRenderer, ListrTaskWrapper, SimpleRenderer } from 'listr2';
import type { ApplyListener } from '../../manager/apply/apply-listener.js';

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** Shows what an apply does: a live line per host on a terminal, plain lines elsewhere, nothing if `quiet`. */
export async function withProgress<T>(
  hosts: readonly string[],
  quiet: boolean,
  work: (onStep: ApplyListener) => Promise<T>,
): Promise<T> {
  if (quiet) return work(() => undefined);
  if (process.stderr.isTTY) return withLiveLines(hosts, work);
  return work((host, step) => {
    process.stderr.write(`${host}: ${step}\n`);
  });
}

async function withLiveLines<T>(
  hosts: readonly string[],
  work: (onStep: ApplyListener) => Promise<T>,
): Promise<T> {
  const { Listr } = await import('listr2');
  const tasks = new Map<string, Task>();
  const ends = new Map<string, () => void>();
  const list = new Listr(
    hosts.map((host) => ({
      title: host,
      task: (_context: unknown, task: Task): Promise<void> => {
        tasks.set(host, task);
        return new Promise<void>((resolve) => ends.set(host, resolve));
      },
    })),
    { concurrent: true, exitOnError: false, rendererOptions: { showErrorMessage: false } },
  );
  const shown = list.run();
  try {
    return await work((host, step) => {
      const task = tasks.get(host);
      if (task !== undefined) task.title = `${host}: ${step}`;
      if (step === 'done' || step === 'unchanged') ends.get(host)?.();
    });
  } finally {
    for (const end of ends.values()) end();
    await shown;
  }
}
