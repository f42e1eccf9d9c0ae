import { didYouMean } from './did-you-mean.js';
import { subjectOf, type ElementText } from './element.js';
import type { Findings } from './findings.js';
import { printable, quoted } from './printable.js';
import type { Schema } from './schema.js';

/** The attributes whose values carry a unit. */
const UNITS = new Set([
  'bandwidth',
  'latency',
  'jitter',
  'queue',
  'memory',
  'burst',
  'mtu',
  'loss',
  'duplicate',
  'reorder',
  'corrupt',
  'loss-correlation',
]);

/** What others' words for links would have no effect here, and why. */
const WITHOUT_EFFECT: ReadonlyMap<string, string> = new Map([
  [
    'latency-correlation',
    'Remove it: the kernel takes a correlation of latencies, and then delays packets as without it.',
  ],
]);

/** What has to be taken out of the file's tree, so that the rest of it can be checked. */
export type Damage =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'element'; readonly element: ElementText }
  | { readonly kind: 'children'; readonly element: ElementText }
  | { readonly kind: 'attribute'; readonly element: ElementText; readonly attribute: string };

/** An error of libxml2's schema validator, with the element that it is about. */
export interface SchemaError {
  readonly element: ElementText;
  readonly message: string;
  /** Where it is text: the line of the text. */
  readonly textLine?: number | undefined;
}

/**
 * Says one error of libxml2's validator in the user's words.
 *
 * @param damaged elements that lost a part before, about which nothing more is said
 */
export function explainSchemaError(
  error: SchemaError,
  schema: Schema,
  findings: Findings,
  damaged: Set<ElementText>,
): Damage {
  const { element } = error;
  // The parts of such a message are names of XML, which contain no quotation mark.
  const match = /^Element '([^']*)'(?:, attribute '([^']*)')?: (.*)/s.exec(error.message);
  const [, elementName = '', attribute, text = error.message] = match ?? [];
  if (attribute !== undefined) {
    return text.startsWith('The attribute ')
      ? explainUnknownAttribute(element, attribute, schema, findings)
      : explainValue(element, attribute, schema, findings);
  }
  const missing = /^The attribute '([^']*)' is required but missing/.exec(text)?.[1];
  if (missing !== undefined) return explainMissingAttribute(element, missing, schema, findings);
  if (text.startsWith('This element is not expected')) {
    return explainUnknownElement(element, elementName, schema, findings);
  }
  if (text.startsWith('Missing child element')) {
    if (!damaged.has(element)) explainMissingChild(element, schema, findings);
    return { kind: 'element', element };
  }
  if (text.includes('because the content type is empty')) {
    if (!damaged.has(element)) {
      damaged.add(element);
      findings.add(element, undefined, `<${element.name}> takes nothing inside`, 'End it with /> instead.');
    }
    return { kind: 'children', element };
  }
  if (text.startsWith('Character content')) {
    findings.addAt(
      error.textLine ?? element.line,
      `<${element.name}> contains text, but takes only attributes and elements`,
      'Remove the text between the tags, or make it a comment.',
      subjectOf(element),
    );
    return { kind: 'nothing' };
  }
  findings.add(
    element,
    undefined,
    `<${printable(element.tag)}> does not fit: ${printable(text.trim())}`,
    'See docs/xml.md for what may stand there.',
  );
  return { kind: 'element', element };
}

function explainUnknownAttribute(
  element: ElementText,
  name: string,
  schema: Schema,
  findings: Findings,
): Damage {
  const known = [...(schema.ruleOf(element)?.attributes.keys() ?? [])];
  const free = known.filter((candidate) => !element.attributes.has(candidate));
  const meant = didYouMean(name, free);
  const allowed = known.length === 0 ? 'It takes no attributes.' : `It takes ${known.join(', ')}.`;
  findings.add(
    element,
    name,
    `<${element.name}> has no attribute ${quoted(name)}`,
    WITHOUT_EFFECT.get(name) ?? (meant === undefined ? allowed : `Did you mean ${meant}? ${allowed}`),
  );
  return { kind: 'attribute', element, attribute: name };
}

function explainValue(element: ElementText, name: string, schema: Schema, findings: Findings): Damage {
  const rule = schema.ruleOf(element)?.attributes.get(name);
  const value = element.attributes.get(name) ?? '';
  findings.add(element, name, whatIsWrongWith(name, value), rule?.hint ?? 'Remove the attribute.');
  return rule?.required === true
    ? { kind: 'element', element }
    : { kind: 'attribute', element, attribute: name };
}

function whatIsWrongWith(name: string, value: string): string {
  if (value === '') return `${printable(name)} is empty`;
  if (UNITS.has(name) && /^[0-9.]+$/.test(value)) return `${name}=${quoted(value)} has no unit`;
  return `${quoted(value)} is no value for ${printable(name)}`;
}

function explainMissingAttribute(
  element: ElementText,
  name: string,
  schema: Schema,
  findings: Findings,
): Damage {
  const known = [...(schema.ruleOf(element)?.attributes.keys() ?? [])];
  const misspelled = element.attributes
    .names()
    .some((present) => !known.includes(present) && didYouMean(present, known) === name);
  if (!misspelled) {
    const hint = schema.ruleOf(element)?.attributes.get(name)?.hint ?? '';
    findings.add(element, undefined, `<${element.name}> has no ${name}`, `Add ${name}="…". ${hint}`.trim());
  }
  return { kind: 'element', element };
}

function explainUnknownElement(
  element: ElementText,
  name: string,
  schema: Schema,
  findings: Findings,
): Damage {
  const parent = element.parent ?? element;
  const known = [...(schema.ruleOf(parent)?.children.keys() ?? [])];
  const allowed =
    known.length === 0
      ? `<${parent.name}> takes no elements.`
      : `It takes ${known.map((child) => `<${child}>`).join(', ')}.`;
  const shown = `<${printable(element.tag)}>`;
  if (!name.startsWith(`{${schema.namespace}}`)) {
    findings.add(
      element,
      undefined,
      `${shown} is not in the namespace ${schema.namespace}`,
      'Remove its prefix or its xmlns attribute.',
    );
  } else if (known.includes(element.name)) {
    findings.add(element, undefined, `<${parent.name}> has a second ${shown}`, 'Keep one of the two.');
  } else {
    const meant = didYouMean(element.name, known);
    findings.add(
      element,
      undefined,
      `<${parent.name}> has no element ${shown}`,
      meant === undefined ? allowed : `Did you mean <${meant}>? ${allowed}`,
    );
  }
  return { kind: 'element', element };
}

function explainMissingChild(element: ElementText, schema: Schema, findings: Findings): void {
  const present = element.children.map((child) => child.name);
  const required = schema.ruleOf(element)?.requiredChildren ?? [];
  const missing = required.find((name) => !present.includes(name)) ?? 'element';
  findings.add(element, undefined, `<${element.name}> has no <${missing}>`, `Add <${missing} …/> inside it.`);
}
