import type { ElementText } from './element.js';
import type { Schema } from './schema.js';

/** The attributes of an element by their names in the model, with the schema's defaults where nothing is written. */
export function plainAttributes(element: ElementText, schema: Schema): Record<string, string> {
  const values: Record<string, string> = {};
  for (const rule of schema.ruleOf(element)?.attributes.values() ?? []) {
    const value = element.attributes.get(rule.name) ?? rule.defaultValue;
    if (value !== undefined) values[rule.property] = value;
  }
  return values;
}

/** The elements of a name directly inside another. */
export function childrenNamed(element: ElementText, ...names: readonly string[]): ElementText[] {
  return element.children.filter((child) => names.includes(child.name));
}
