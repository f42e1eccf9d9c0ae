import type { Link } from '../model/link.js';
import type { PlacedNode } from './placed-node.js';

const NO_LINKS: readonly Link[] = [];

/** Finds the links of a virtual environment that are about what one node sends to another. */
export class LinksBetween {
  readonly #links = new Map<string, Link[]>();
  /** Of sites and nodes that links are about. */
  readonly #names = new Set<string>();

  constructor(links: readonly Link[]) {
    for (const link of links) {
      this.#add(link.from, link.to, link);
      if (link.direction === 'both') this.#add(link.to, link.from, link);
    }
  }

  /** The less specific first: between sites, between a site and a node, between nodes. */
  of(sender: PlacedNode, receiver: PlacedNode): readonly Link[] {
    // Most pairs are neighbours without a link of their own, and there are many.
    const isNamed = this.#names.has(sender.node.vm) || this.#names.has(receiver.node.vm);
    if (sender.site === receiver.site && !isNamed) return NO_LINKS;
    const [fromSite, from] = [sender.site.name, sender.node.vm];
    const [toSite, to] = [receiver.site.name, receiver.node.vm];
    return [
      ...this.#at(fromSite, toSite),
      ...this.#at(from, toSite),
      ...this.#at(fromSite, to),
      ...this.#at(from, to),
    ];
  }

  #add(from: string, to: string, link: Link): void {
    const key = `${from}\n${to}`;
    this.#names.add(from).add(to);
    const links = this.#links.get(key);
    if (links === undefined) this.#links.set(key, [link]);
    else links.push(link);
  }

  #at(from: string, to: string): readonly Link[] {
    return this.#links.get(`${from}\n${to}`) ?? [];
  }
}
