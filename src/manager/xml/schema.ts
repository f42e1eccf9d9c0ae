import { readFile } from 'node:fs/promises';
import { XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm';
import { propertyOf } from '../model/attribute-names.js';
import type { ElementText } from './element.js';

/** What the schema says of an attribute. */
export interface AttributeRule {
  readonly name: string;
  /** Its name in the model. */
  readonly property: string;
  readonly required: boolean;
  /** The name of its simple type. */
  readonly type: string;
  readonly defaultValue: string | undefined;
  /** The documentation of the type: what to write instead. */
  readonly hint: string;
}

/** What the schema says of an element. */
export interface ElementRule {
  readonly attributes: ReadonlyMap<string, AttributeRule>;
  /** The names of the elements it may contain, with their types. */
  readonly children: ReadonlyMap<string, string>;
  readonly requiredChildren: readonly string[];
}

export type SchemaName = 'real-environment' | 'virtual-environment';

const XS = { xs: 'http://www.w3.org/2001/XMLSchema' };
const ROOT = '(root)';

/** One of the two XSDs: the validator, and the words that messages need. Holds WASM memory until disposed. */
export class Schema {
  readonly namespace: string;
  private readonly rules = new Map<string, ElementRule>();

  private constructor(
    readonly rootName: SchemaName,
    readonly validator: XsdValidator,
    document: XmlDocument,
  ) {
    this.namespace = `urn:netmgr:${rootName}:1`;
    const hints = new Map(
      elements(document.root, 'xs:simpleType').map((type) => [
        attribute(type, 'name') ?? '',
        type.get('xs:annotation/xs:documentation', XS)?.content.trim() ?? '',
      ]),
    );
    for (const type of elements(document.root, 'xs:complexType')) {
      this.rules.set(attribute(type, 'name') ?? '', readRule(document, type, hints));
    }
    for (const root of elements(document.root, 'xs:element')) {
      this.rules.set(ROOT, readRule(document, root, hints));
    }
  }

  /** Reads the schema that the package ships. */
  static async read(name: SchemaName): Promise<Schema> {
    const bytes = await readFile(new URL(`../../../schemas/${name}.xsd`, import.meta.url));
    const document = XmlDocument.fromBuffer(bytes);
    try {
      return new Schema(name, XsdValidator.fromDoc(document), document);
    } finally {
      document.dispose();
    }
  }

  /** The rule of an element by where it stands, or undefined where the schema has no such element. */
  ruleOf(element: ElementText): ElementRule | undefined {
    if (element.parent === undefined) return this.rules.get(ROOT);
    const type = this.ruleOf(element.parent)?.children.get(element.name);
    return type === undefined ? undefined : this.rules.get(type);
  }

  dispose(): void {
    this.validator.dispose();
  }
}

function readRule(document: XmlDocument, type: XmlElement, hints: ReadonlyMap<string, string>): ElementRule {
  const groups = elements(type, './/xs:attributeGroup').flatMap((use) =>
    elements(document.root, `xs:attributeGroup[@name="${attribute(use, 'ref') ?? ''}"]/xs:attribute`),
  );
  const attributes = [...elements(type, './/xs:attribute'), ...groups].map((found) => {
    const simpleType = attribute(found, 'type') ?? '';
    const name = attribute(found, 'name') ?? '';
    return [
      name,
      {
        name,
        property: propertyOf(name),
        required: attribute(found, 'use') === 'required',
        type: simpleType,
        defaultValue: attribute(found, 'default'),
        hint: hints.get(simpleType) ?? '',
      },
    ] as const;
  });
  const children = elements(type, './/xs:element').map(
    (found) => [attribute(found, 'name') ?? '', attribute(found, 'type') ?? ''] as const,
  );
  const requiredChildren = elements(type, './/xs:element[not(ancestor-or-self::*[@minOccurs="0"])]').map(
    (found) => attribute(found, 'name') ?? '',
  );
  return { attributes: new Map(attributes), children: new Map(children), requiredChildren };
}

function elements(from: XmlElement, xpath: string): XmlElement[] {
  return from.find(xpath, XS).filter((node) => node instanceof XmlElement);
}

function attribute(element: XmlElement, name: string): string | undefined {
  return element.attr(name)?.value;
}
