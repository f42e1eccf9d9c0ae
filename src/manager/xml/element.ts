import type { FilePosition } from '../../errors.js';
import { printable } from './printable.js';

/** An attribute as it stands in the file. */
export interface AttributeText {
  readonly value: string;
  /** Counts from 1. */
  readonly line: number;
}

/** An element as it stands in the file. */
export interface ElementText {
  /** The name with its prefix, if it has one. */
  readonly tag: string;
  /** Without a prefix. */
  readonly name: string;
  /** Where the start tag begins; counts from 1. */
  readonly line: number;
  readonly parent: ElementText | undefined;
  /** Without namespace declarations and attributes of other namespaces. */
  readonly attributes: Map<string, AttributeText>;
  /** What was found wrong is taken out, so that the rest can still be checked. */
  children: ElementText[];
}

/** Where an attribute of an element stands, or the element itself where it has no such attribute. */
export function positionIn(file: string, element: ElementText, attribute?: string): FilePosition {
  const line = attribute === undefined ? undefined : element.attributes.get(attribute)?.line;
  return { file, line: line ?? element.line };
}

/** An element and all that it contains, in the order of the file. */
export function* withDescendants(element: ElementText): Generator<ElementText> {
  yield element;
  for (const child of element.children) yield* withDescendants(child);
}

/** What an error about an element is about: the names on the way to it, or the ends of a link. */
export function subjectOf(element: ElementText): string | undefined {
  const valueOf = (name: string): string | undefined => element.attributes.get(name)?.value;
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
