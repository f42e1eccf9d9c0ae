import { NetmgrError, throwIfAny, type FilePosition } from '../../errors.js';

/** Collects what is wrong, so that all of it is reported at once. */
export class Conflicts {
  readonly #errors: NetmgrError[] = [];

  add(message: string, subject: string, at: FilePosition | undefined, hint: string): void {
    this.#errors.push(new NetmgrError({ kind: 'Conflict', message, subject, at, hint }));
  }

  throwIfAny(): void {
    throwIfAny(this.#errors, 'the virtual environment does not fit the real one');
  }
}
