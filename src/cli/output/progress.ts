import type { DefaultRenderer, ListrTaskWrapper, SimpleRenderer } from 'listr2';
import type { StepProgress } from '../../manager/apply/apply-listener.js';
import { valueOf } from '../../value-of.js';
import { StepWords } from './step-words.js';

/** Hears which step a host is at, and how far it is with one that takes long; `done`, `unchanged` and `failed` are its last. */
export type StepListener = (host: string, step: string, progress?: StepProgress) => void;

/** Milliseconds between two lines about the same step of a host, where lines stay. */
const PAUSE = 10_000;

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
  const saidAt = new Map<string, number>();
  const wordsOf = stepWords();
  return work((host, step, progress) => {
    const now = performance.now();
    const words = wordsOf(host, step, progress, now);
    if (progress !== undefined && now - (saidAt.get(host) ?? 0) < PAUSE) return;
    saidAt.set(host, now);
    process.stderr.write(`${host}: ${words}\n`);
  });
}

function stepWords(): (
  host: string,
  step: string,
  progress: StepProgress | undefined,
  now: number,
) => string {
  const byHost = new Map<string, StepWords>();
  return (host, step, progress, now) => valueOf(byHost, host, () => new StepWords()).of(step, progress, now);
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
    const wordsOf = stepWords();
    const result = await work((host, step, progress) => {
      const line = lines.get(host);
      line?.show(`${host}: ${wordsOf(host, step, progress, performance.now())}`);
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
