import type { Origins } from './document.js';
import type { Findings } from './findings.js';

/** Collects what is wrong with objects of the model, by where the file says them. */
export class ModelFindings {
  /**
   * @param complete whether the objects are all that the file says; where a part was taken out, because it
   *   does not fit the schema, nothing can be said about what refers to it
   */
  constructor(
    private readonly findings: Findings,
    private readonly origins: Origins,
    readonly complete: boolean,
  ) {}

  add(object: object, attribute: string | undefined, message: string, hint: string, subject?: string): void {
    const element = this.origins.of(object);
    if (element !== undefined) this.findings.add(element, attribute, message, hint, subject);
  }

  lineOf(object: object, attribute?: string): number {
    return this.origins.of(object)?.lineOf(attribute) ?? 1;
  }

  /** Finds what should be there once only and is there twice. */
  unique(hint: string): Unique {
    return new Unique(this, hint);
  }
}

/** What should be different for all objects that are claimed with it. */
class Unique {
  private readonly first = new Map<string, { readonly object: object; readonly attribute: string }>();

  constructor(
    private readonly findings: ModelFindings,
    private readonly hint: string,
  ) {}

  /**
   * Returns whether another object has the key already, and says so.
   *
   * @param what what is there twice, such as `the host "host1"`
   */
  claim(key: string, object: object, attribute: string, what: () => string, subject = key): boolean {
    const first = this.first.get(key);
    if (first === undefined) {
      this.first.set(key, { object, attribute });
      return false;
    }
    const line = this.findings.lineOf(first.object, first.attribute);
    this.findings.add(
      object,
      attribute,
      `${what()} is there twice, first in line ${String(line)}`,
      this.hint,
      subject,
    );
    return true;
  }
}
