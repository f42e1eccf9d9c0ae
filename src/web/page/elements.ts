/** What an element contains: text is text, whatever it holds. */
export type Content = string | Node | readonly (string | Node)[];

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element of HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  content: Content = [],
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  setAll(made, attributes);
  made.append(...[content].flat());
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

/** An element of SVG. */
export function drawing<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  content: Content = [],
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag);
  setAll(made, attributes);
  made.append(...[content].flat());
  return made;
}

/** Sets attributes; those that are undefined are not there. */
export function setAll(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) target.removeAttribute(name);
    // What is the same costs the browser no work.
    else if (target.getAttribute(name) !== String(value)) target.setAttribute(name, String(value));
  }
}

/** Sets a text, if it is another one. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** The element of the page with this id. @throws Error if the page has none */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}
