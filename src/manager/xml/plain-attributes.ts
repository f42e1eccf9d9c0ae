import type { ElementText } from './element.js';
import type { Schema } from './schema.js';

/** The attributes of an element by their names in the model, with the schema's defaults for those that are not written. */
export function plainAttributes(element: ElementText, schema: Schema): Record<string, string> {
  const values: Record<string, string> = {};
  for (const rule of schema.ruleOf(element)?.attributes.values() ?? []) {
    const value = element.attributes.get(rule.name)?.value ?? rule.defaultValue;
    if (value !== undefined) values[inModel(rule.name)] = value;
  }
  return values;
}

/** `loss-correlation` is `lossCorrelation` there. */
const inModel = (name: string): string =>
  name.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());

/** The elements of a name directly inside another. */
export function childrenNamed(element: ElementText, ...names: readonly string[]): ElementText[] {
  return element.children.filter((child) => names.includes(child.name));
}
