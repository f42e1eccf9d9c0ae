import type { LabStep, Report } from '../control/message.js';

/** Tells what happens inside. */
export type Tell = (report: Report) => void;

/** Does a step of a lab's building and tells of its begin and its end. */
export async function step<T>(tell: Tell, name: LabStep, detail: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  tell({ type: 'step', step: name, state: 'begun' });
  const result = await work();
  const milliseconds = Math.round(performance.now() - begun);
  tell({ type: 'step', step: name, state: 'done', milliseconds, detail });
  return result;
}
