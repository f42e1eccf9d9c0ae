import type { FilePosition } from '../../errors.js';
import { lineIn, type ElementText } from './element.js';

/** What a file says, and where it says it. */
export interface Document<T> {
  readonly environment: T;
  readonly file: string;
  /**
   * Where an object of the environment (a host, a vif, a site, a link …) stands, or one attribute of it by
   * its name in the file. An object that is not from this file stands at the first line.
   */
  readonly positionOf: (element: object, attribute?: string) => FilePosition;
}

/** Plain data for class-transformer; each object knows its element. */
export type Plain = Readonly<Record<string, unknown>>;

/** Remembers which element each object of the model was made from. */
export class Origins {
  // No WeakMap: what is remembered lives as long as the file's model, and the collector looks at each entry of one.
  readonly #elements = new Map<object, ElementText>();

  /** Notes what an object was made of. */
  note<T extends object>(element: ElementText, object: T): T {
    this.#elements.set(object, element);
    return object;
  }

  /** Passes the origin of plain data on to the objects that class-transformer made of it. */
  passOn(from: unknown, to: unknown): void {
    if (typeof from !== 'object' || from === null || typeof to !== 'object' || to === null) return;
    const element = this.#elements.get(from);
    if (element !== undefined && from !== to) {
      this.#elements.set(to, element);
      this.#elements.delete(from);
    }
    for (const [key, value] of Object.entries(from)) this.passOn(value, (to as Plain)[key]);
  }

  of(object: object): ElementText | undefined {
    return this.#elements.get(object);
  }

  /** What was read: of the elements it keeps no more than where in the text they are. */
  document<T>(environment: T, file: string, { source }: ElementText): Document<T> {
    const starts = new Map<object, number>();
    for (const [object, { start }] of this.#elements) starts.set(object, start);
    return {
      environment,
      file,
      positionOf: (element, attribute) => {
        const start = starts.get(element);
        return { file, line: start === undefined ? 1 : lineIn(source, start, attribute) };
      },
    };
  }
}
