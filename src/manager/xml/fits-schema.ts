import { Worker } from 'node:worker_threads';
import type { SchemaName } from './schema.js';

/** What a thread of {@link fitsSchema} is given. */
export interface SchemaQuestion {
  readonly text: string;
  readonly name: SchemaName;
}

/**
 * Whether a text is well-formed and fits a schema as it is, found out by a thread: others go on meanwhile, and the
 * memory of libxml2, which as WebAssembly only grows, ends with it. False as well if the thread cannot say; why a
 * text does not fit, `removeMisfits` says.
 */
export async function fitsSchema(question: SchemaQuestion): Promise<boolean> {
  const thread = new Worker(new URL('./fits-schema-thread.js', import.meta.url), { workerData: question });
  return new Promise((resolve) => {
    thread.once('message', (answer) => {
      resolve(answer === true);
    });
    thread.once('error', () => {
      resolve(false);
    });
    thread.once('exit', () => {
      resolve(false);
    });
  });
}
