import type { FilePosition } from '../../errors.js';
import type { Attributes } from './attributes.js';
import type { LineFinder } from './line-finder.js';
import { printable } from './printable.js';
import { readAttributes, tagAt } from './start-tag.js';

/** The text of a file, and where its lines are. */
export interface SourceText {
  readonly text: string;
  readonly lineAt: LineFinder;
}

/** An element as it stands in the file. Lines are looked for when they are asked for: mostly, nobody does. */
export class ElementText {
  /** What was found wrong is taken out, so that the rest can still be checked. */
  children: ElementText[] = [];

  constructor(
    readonly source: SourceText,
    /** Where in the text the start tag begins. */
    readonly start: number,
    /** The name with its prefix, if it has one. */
    readonly tag: string,
    /** Without a prefix. */
    readonly name: string,
    readonly parent: ElementText | undefined,
    /** Without namespace declarations and attributes of other namespaces. */
    readonly attributes: Attributes,
  ) {}

  append(child: ElementText): void {
    // A list that begins with one has no room for more: most elements have one child or none.
    if (this.children.length === 0) this.children = [child];
    else this.children.push(child);
  }

  /** Where the start tag begins; counts from 1. */
  get line(): number {
    return this.lineOf();
  }

  /** Where an attribute stands, or the element itself where none is asked for or the file has none such; counts from 1. */
  lineOf(attribute?: string): number {
    return lineIn(this.source, this.start, attribute);
  }
}

/**
 * The line of an attribute, or of the element itself where none is asked for or the file has none such.
 *
 * @param start where in the text the element's start tag begins
 */
export function lineIn({ text, lineAt }: SourceText, start: number, attribute?: string): number {
  if (attribute === undefined) return lineAt(start);
  let found = start;
  readAttributes(text, start + 1 + tagAt(text, start).length, (name, _raw, at) => {
    if (name === attribute) found = at;
  });
  return lineAt(found);
}

/** Where an attribute of an element stands, or the element itself where it has no such attribute. */
export function positionIn(file: string, element: ElementText, attribute?: string): FilePosition {
  return { file, line: element.lineOf(attribute) };
}

/** An element and all that it contains, in the order of the file. */
export function* withDescendants(element: ElementText): Generator<ElementText> {
  yield element;
  for (const child of element.children) yield* withDescendants(child);
}

/** What an error about an element is about: the names on the way to it, or the ends of a link. */
export function subjectOf(element: ElementText): string | undefined {
  const valueOf = (name: string): string | undefined => element.attributes.get(name);
  const { parent } = element;
  if (parent === undefined) return undefined;
  // A vif is named by its host and itself.
  const above = subjectOf(parent.name === 'vm' && parent.parent !== undefined ? parent.parent : parent);
  const from = valueOf('from');
  const to = valueOf('to');
  const ends = from === undefined || to === undefined ? undefined : `${from}–${to}`;
  const own = valueOf('name') ?? valueOf('vm') ?? ends ?? valueOf('to');
  const names = [above, own === undefined ? undefined : printable(own)].filter((name) => name !== undefined);
  return names.length === 0 ? undefined : names.join('/');
}
