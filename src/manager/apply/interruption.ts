import { NetmgrError } from '../../errors.js';

/** Somebody ended the apply before any host had changed. */
export class Interruption extends NetmgrError {
  constructor() {
    super({ kind: 'NotApplied', message: 'interrupted: no host was changed' });
  }
}

/** @throws Interruption if the signal came */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Interruption();
}
