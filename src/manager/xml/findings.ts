import { NetmgrError } from '../../errors.js';
import { positionIn, subjectOf, type ElementText } from './element.js';

/** Collects what is wrong in one file. */
export class Findings {
  readonly errors: NetmgrError[] = [];

  constructor(readonly file: string) {}

  /** Adds one thing that is wrong with an element, or with one attribute of it. */
  add(
    element: ElementText,
    attribute: string | undefined,
    message: string,
    hint: string,
    subject = subjectOf(element),
  ): void {
    this.addAt(positionIn(this.file, element, attribute).line, message, hint, subject);
  }

  /** Adds one thing that is wrong in a line. */
  addAt(line: number, message: string, hint: string, subject: string | undefined): void {
    const at = { file: this.file, line };
    this.errors.push(new NetmgrError({ kind: 'InvalidInput', message, subject, at, hint }));
  }

  /** All errors in the order of the file. */
  sorted(): NetmgrError[] {
    return this.errors.toSorted((a, b) => (a.at?.line ?? 0) - (b.at?.line ?? 0));
  }
}
