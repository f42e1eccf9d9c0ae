import { create } from 'xmlbuilder2';
import { visible } from '../xml/printable.js';

/** What of the DOM (https://dom.spec.whatwg.org) is used of an element or comment. */
interface DomNode {
  readonly nodeType: number;
  readonly localName: string | null;
  readonly namespaceURI: string | null;
  readonly nodeValue: string | null;
  readonly parentNode: DomNode | null;
  readonly childNodes: Iterable<DomNode>;
  readonly attributes: Iterable<{ value: string }>;
  readonly ownerDocument: {
    createElementNS(namespace: string | null, name: string): DomNode;
    createComment(text: string): DomNode;
  };
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  insertBefore(child: DomNode, before: DomNode | null): unknown;
  removeChild(child: DomNode): unknown;
}

const ELEMENT = 1;
const COMMENT = 8;

/** Values of attributes; an undefined one is left as it is. */
export type Attributes = Readonly<Record<string, string | { toString(): string } | undefined>>;

/** An XML file that is changed in places: elements, attributes and comments keep their order, and are indented anew. */
export class XmlFile {
  readonly root: XmlElement;
  readonly #document: ReturnType<typeof create>;

  /** @param text of a file that can be read without errors */
  constructor(text: string) {
    this.#document = create(text);
    const root = this.#document.root().node as unknown as DomNode;
    escapeAll(root);
    this.root = new XmlElement(root);
  }

  toString(): string {
    return `${this.#document.end({ prettyPrint: true })}\n`;
  }
}

/** An element of a {@link XmlFile}. Values of attributes are as a reader of the file has them. */
export class XmlElement {
  constructor(private readonly node: DomNode) {}

  get(attribute: string): string | undefined {
    return this.node.getAttribute(attribute)?.replaceAll('&amp;', '&');
  }

  set(attributes: Attributes): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) this.node.setAttribute(name, escaped(value.toString()));
    }
  }

  unset(attribute: string): void {
    this.node.removeAttribute(attribute);
  }

  /** The elements of a name directly inside. */
  all(name: string): XmlElement[] {
    return [...this.node.childNodes]
      .filter((child) => child.nodeType === ELEMENT && child.localName === name)
      .map((child) => new XmlElement(child));
  }

  /** Adds an element of the same namespace: behind the last of its name, or of those that come before it, or at the end. */
  add(name: string, attributes: Attributes, ...before: readonly string[]): XmlElement {
    const node = this.node.ownerDocument.createElementNS(this.node.namespaceURI, name);
    const added = new XmlElement(node);
    added.set(attributes);
    this.#place(node, [name, ...before]);
    return added;
  }

  /** Moves an element here from elsewhere in the file. */
  adopt(element: XmlElement, name: string, ...before: readonly string[]): void {
    element.remove();
    this.#place(element.node, [name, ...before]);
  }

  remove(): void {
    this.node.parentNode?.removeChild(this.node);
  }

  /** Adds a comment at the end. What no comment may have is written otherwise. */
  comment(text: string): void {
    this.node.insertBefore(this.node.ownerDocument.createComment(` ${commentText(text)} `), null);
  }

  /** Removes the comments that begin so, here and in the elements inside. */
  removeComments(beginning: string): void {
    for (const child of [...this.node.childNodes]) {
      if (child.nodeType === ELEMENT) new XmlElement(child).removeComments(beginning);
      else if (child.nodeType === COMMENT && (child.nodeValue ?? '').trimStart().startsWith(beginning)) {
        this.node.removeChild(child);
      }
    }
  }

  /** Whether both are the same element. */
  is(other: XmlElement): boolean {
    return this.node === other.node;
  }

  #place(node: DomNode, names: readonly string[]): void {
    const children = [...this.node.childNodes];
    const last = names
      .map((name) => children.findLastIndex((each) => each.nodeType === ELEMENT && each.localName === name))
      .find((at) => at >= 0);
    // A comment behind it on its line, or below it, is taken for its own.
    let next = last === undefined ? children.length : last + 1;
    while (children[next]?.nodeType === COMMENT) next++;
    this.node.insertBefore(node, children[next] ?? null);
  }
}

/** The library writes what looks like a reference as it is. */
const escaped = (value: string): string => value.replaceAll('&', '&amp;');

function escapeAll(node: DomNode): void {
  if (node.nodeType !== ELEMENT) return;
  for (const attribute of node.attributes) attribute.value = escaped(attribute.value);
  for (const child of node.childNodes) escapeAll(child);
}

/** Text without what ends a comment, and without what no XML file may hold (XML 1.0, sections 2.2 and 2.5). */
function commentText(text: string): string {
  return visible(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/-(?=-)/g, '- ')
    .replace(/-$/, '- ');
}
