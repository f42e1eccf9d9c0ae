import type { FilePosition } from '../../errors.js';
import { positionIn, type ElementText } from './element.js';

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
  private readonly elements = new WeakMap<object, ElementText>();

  /** Makes plain data of an element. */
  plain(element: ElementText, values: Plain): Plain {
    this.elements.set(values, element);
    return values;
  }

  /** Passes the origin of plain data on to the objects that class-transformer made of it. */
  passOn(from: unknown, to: unknown): void {
    if (typeof from !== 'object' || from === null || typeof to !== 'object' || to === null) return;
    const element = this.elements.get(from);
    if (element !== undefined) this.elements.set(to, element);
    for (const [key, value] of Object.entries(from)) this.passOn(value, (to as Plain)[key]);
  }

  of(object: object): ElementText | undefined {
    return this.elements.get(object);
  }

  document<T>(environment: T, file: string): Document<T> {
    return {
      environment,
      file,
      positionOf: (element, attribute) => {
        const origin = this.elements.get(element);
        return origin === undefined ? { file, line: 1 } : positionIn(file, origin, attribute);
      },
    };
  }
}
