import { visible } from '../../xml/printable.js';
import { Markup } from './markup.js';

export type Attributes = Readonly<Record<string, string | number | boolean | Markup>>;

/** Text in double quotes, in which only they and backslashes need care. */
export function quoted(text: string): string {
  return `"${visible(text).replace(/["\\]/g, '\\$&')}"`;
}

/** `[shape="box" label=<…>]` */
export function attributeList(attributes: Attributes): string {
  const list = Object.entries(attributes).map(
    ([name, value]) => `${name}=${value instanceof Markup ? `<${value.text}>` : quoted(String(value))}`,
  );
  return `[${list.join(' ')}]`;
}

export function nodeStatement(id: string, attributes: Attributes): string {
  return `${quoted(id)} ${attributeList(attributes)}`;
}

export function edgeStatement(from: string, to: string, attributes: Attributes): string {
  return `${quoted(from)} -> ${quoted(to)} ${attributeList(attributes)}`;
}

/** `subgraph "cluster site1" { … }` */
export function subgraph(name: string, attributes: Attributes, statements: readonly string[]): string[] {
  return [
    `subgraph ${quoted(name)} {`,
    ...[`graph ${attributeList(attributes)}`, ...statements].map((line) => `  ${line}`),
    '}',
  ];
}
