import { create } from 'xmlbuilder2';
import type { SchemaName } from './schema.js';

/** A value of the model as an attribute; an undefined one is not written. */
export type AttributeValue = string | number | boolean | { toString(): string } | undefined;

/** An element to write. */
export interface WritableElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly children?: readonly WritableElement[];
}

type Builder = ReturnType<typeof create>;

/** Writes a whole file, with its namespace, indented by two spaces. */
export function writeDocument(name: SchemaName, root: Omit<WritableElement, 'name'>): string {
  const document = create({ version: '1.0', encoding: 'UTF-8' });
  const namespace = `urn:netmgr:${name}:1`;
  const element = document.ele(namespace, name, texts(root.attributes));
  for (const child of root.children ?? []) writeElement(element, namespace, child);
  return `${document.end({ prettyPrint: true })}\n`;
}

function writeElement(
  parent: Builder,
  namespace: string,
  { name, attributes, children = [] }: WritableElement,
): void {
  const element = parent.ele(namespace, name, texts(attributes));
  for (const child of children) writeElement(element, namespace, child);
}

function texts(attributes: Readonly<Record<string, AttributeValue>>): Record<string, string> {
  const written: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    // xmlbuilder2 takes what looks like an entity for one, and leaves it.
    if (value !== undefined) written[name] = value.toString().replaceAll('&', '&amp;');
  }
  return written;
}
