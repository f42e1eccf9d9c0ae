import { NetmgrError } from '../../errors.js';

/** Somebody ended the apply before it was decided. */
export class Interruption extends NetmgrError {
  constructor(what: string) {
    super({ kind: 'NotApplied', message: `interrupted: ${what}` });
  }
}

/** @throws Interruption if the signal came. @param what became of the hosts */
export function throwIfInterrupted(signal: AbortSignal | undefined, what = 'no host was changed'): void {
  if (signal?.aborted === true) throw new Interruption(what);
}
