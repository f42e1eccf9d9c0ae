import type { DefaultRenderer, ListrTaskWrapper, SimpleRenderer } from 'listr2';

/** Hears which step a host is at; `done`, `unchanged` and `failed` are its last. */
export type StepListener = (host: string, step: string) => void;

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/**
 * Shows what is done on hosts: a live line per host on a terminal, plain lines on standard error elsewhere, nothing if
 * `quiet`.
 */
export async function withProgress<T>(
  hosts: readonly string[],
  quiet: boolean,
  work: (onStep: StepListener) => Promise<T>,
): Promise<T> {
  if (quiet) return work(() => undefined);
  // The live lines are drawn on standard output, where a file or a program wants the result alone.
  if (process.stderr.isTTY && process.stdout.isTTY) return withLiveLines(hosts, work);
  return work((host, step) => {
    process.stderr.write(`${host}: ${step}\n`);
  });
}

/** The line of one host: it may have its end before it is drawn. */
class Line {
  title: string;
  #task: Task | undefined;
  readonly #end: Promise<void>;
  #settle: { readonly done: () => void; readonly failed: (reason: Error) => void } | undefined;

  constructor(host: string) {
    this.title = host;
    this.#end = new Promise<void>((done, failed) => (this.#settle = { done, failed }));
    this.#end.catch(() => undefined);
  }

  show(title: string): void {
    this.title = title;
    if (this.#task !== undefined) this.#task.title = title;
  }

  /** Draws it, until it ends. */
  run(task: Task): Promise<void> {
    this.#task = task;
    task.title = this.title;
    return this.#end;
  }

  done(): void {
    this.#settle?.done();
  }

  /** Has no effect on one that is done. */
  fail(): void {
    this.#settle?.failed(new Error(this.title));
  }
}

async function withLiveLines<T>(
  hosts: readonly string[],
  work: (onStep: StepListener) => Promise<T>,
): Promise<T> {
  const { Listr } = await import('listr2');
  const lines = new Map(hosts.map((host) => [host, new Line(host)]));
  const list = new Listr(
    [...lines].map(([title, line]) => ({ title, task: (_context: unknown, task: Task) => line.run(task) })),
    {
      ...{ concurrent: true, exitOnError: false },
      rendererOptions: { showErrorMessage: false },
      // Its own would end the process in the middle of an apply.
      registerSignalListeners: false,
    },
  );
  const shown = list.run();
  try {
    const result = await work((host, step) => {
      const line = lines.get(host);
      line?.show(`${host}: ${step}`);
      if (step === 'done' || step === 'unchanged') line?.done();
      if (step === 'failed') line?.fail();
    });
    for (const line of lines.values()) line.done();
    return result;
  } catch (error) {
    for (const line of lines.values()) line.fail();
    throw error;
  } finally {
    await shown.catch(() => undefined);
  }
}
