import { type XmlDocument, type XmlElement, XmlValidateError } from 'libxml2-wasm';
import type { ElementText } from './element.js';
import { explainSchemaError, type Damage, type SchemaError } from './explain-schema-error.js';
import type { Findings } from './findings.js';
import type { Schema } from './schema.js';

/** After an element that does not belong, libxml2 skips its siblings: validate again without it, so often. */
const MOST_PASSES = 20;

const CHARACTER_CONTENT = ': Character content';
const NOT_EXPECTED = ': This element is not expected';

/**
 * Validates, says what is wrong, and takes it out of both trees until the rest fits, so that one reading
 * finds all errors. Returns whether the rest fits.
 */
export function removeMisfits(
  document: XmlDocument,
  root: ElementText,
  schema: Schema,
  findings: Findings,
): boolean {
  const damaged = new Set<ElementText>();
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const errors = schemaErrors(document, root, schema);
    const first = pass === 0 ? errors : errors.filter((error) => !error.message.includes(CHARACTER_CONTENT));
    if (first.length === 0) return true;
    const all = withSkippedSiblings(withoutRepetition(first), schema);
    const damages = all.map((error) => explainSchemaError(error, schema, findings, damaged));
    if (damages.every((damage) => damage.kind === 'nothing')) return true;
    for (const damage of damages) if (!remove(document, root, damage, damaged)) return false;
  }
  return false;
}

function schemaErrors(document: XmlDocument, root: ElementText, schema: Schema): SchemaError[] {
  try {
    schema.validator.validate(document);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof XmlValidateError)) throw thrown;
    return thrown.details.map(({ message, xpath }) => {
      const element = elementAt(root, xpath ?? '');
      const isText = message.includes(CHARACTER_CONTENT);
      return { element, message, textLine: isText ? lineOfText(document, root, element) : undefined };
    });
  }
}

/** The line of the first text directly inside an element. */
function lineOfText(document: XmlDocument, root: ElementText, element: ElementText): number | undefined {
  const text = document.get(`${pathOf(element, root) ?? '/*'}/text()[normalize-space()]`);
  if (text === null) return undefined;
  const before = /^\s*/.exec(text.content)?.[0] ?? '';
  return text.line + before.split('\n').length - 1;
}

/** Adds the siblings that libxml2 skipped where the schema knows no element of their name there. */
function withSkippedSiblings(errors: readonly SchemaError[], schema: Schema): SchemaError[] {
  return errors.flatMap((error) => {
    const { parent } = error.element;
    if (parent === undefined || !error.message.includes(NOT_EXPECTED)) return [error];
    const known = schema.ruleOf(parent)?.children;
    const prefix = prefixOf(parent);
    const skipped = parent.children
      .slice(parent.children.indexOf(error.element) + 1)
      .filter((sibling) => known?.has(sibling.name) === false && prefixOf(sibling) === prefix);
    return [
      error,
      ...skipped.map((element) => ({
        element,
        message: `Element '{${schema.namespace}}${element.name}'${NOT_EXPECTED}`,
      })),
    ];
  });
}

function prefixOf(element: ElementText): string {
  return element.tag.slice(0, element.tag.length - element.name.length);
}

/** libxml2 says each wrong value twice: which facet it fails, and that it is not of its type. */
function withoutRepetition(errors: readonly SchemaError[]): SchemaError[] {
  const seen = new Map<ElementText, Set<string>>();
  return errors.filter(({ element, message }) => {
    const of = /^Element '[^']*'(, attribute '[^']*')?/.exec(message)?.[1];
    if (of === undefined) return true;
    const attributes = seen.get(element) ?? new Set<string>();
    seen.set(element, attributes);
    if (attributes.has(of)) return false;
    attributes.add(of);
    return true;
  });
}

/** Finds the element that a path of xmlGetNodePath() leads to, such as `/*\/*[3]/x:site[2]`. */
function elementAt(root: ElementText, path: string): ElementText {
  let element = root;
  for (const step of path.split('/').slice(2)) {
    const [, tag = '*', index = '1'] = /^([^[]*)(?:\[([0-9]+)\])?$/.exec(step) ?? [];
    const candidates = tag === '*' ? element.children : element.children.filter((child) => child.tag === tag);
    const found = candidates[Number(index) - 1];
    if (found === undefined) return element;
    element = found;
  }
  return element;
}

/** Takes a part out of both trees. Returns false where that part is the root. */
function remove(
  document: XmlDocument,
  root: ElementText,
  damage: Damage,
  damaged: Set<ElementText>,
): boolean {
  switch (damage.kind) {
    case 'nothing':
      return true;
    case 'attribute':
      removeAttribute(document, root, damage.element, damage.attribute);
      return true;
    case 'children':
      for (const child of damage.element.children) removeElement(document, root, child, damaged);
      return true;
    case 'element':
      if (damage.element.parent === undefined) return false;
      removeElement(document, root, damage.element, damaged);
      return true;
  }
}

function removeElement(
  document: XmlDocument,
  root: ElementText,
  element: ElementText,
  damaged: Set<ElementText>,
): void {
  const { parent } = element;
  const path = pathOf(element, root);
  if (parent === undefined || path === undefined) return;
  document.get(path)?.remove();
  parent.children = parent.children.filter((child) => child !== element);
  damaged.add(parent);
}

function removeAttribute(document: XmlDocument, root: ElementText, element: ElementText, name: string): void {
  const path = pathOf(element, root);
  if (path === undefined) return;
  const found = document.get(path) as XmlElement | null;
  found?.attrs
    .find((attribute) => {
      const namespace = attribute.namespaceUri;
      return (namespace === '' ? attribute.name : `{${namespace}}${attribute.name}`) === name;
    })
    ?.remove();
  element.attributes.delete(name);
}

/** The path of an element, or undefined where it, or what contains it, was taken out before. */
function pathOf(element: ElementText, root: ElementText): string | undefined {
  if (element === root) return '/*';
  const index = element.parent?.children.indexOf(element) ?? -1;
  if (element.parent === undefined || index === -1) return undefined;
  const above = pathOf(element.parent, root);
  return above === undefined ? undefined : `${above}/*[${String(index + 1)}]`;
}
