import type { Link } from '../model/link.js';
import type { PlacedNode } from './placed-node.js';

const NO_LINKS: readonly Link[] = [];

/** Finds the links of a virtual environment that are about what one node sends to another. */
export class LinksBetween {
  readonly #links = new Map<string, Link[]>();
  /** Of the sites and nodes that links are about. */
  readonly #names = new Set<string>();

  constructor(links: readonly Link[]) {
    for (const link of links) {
      this.#add(link.from, link.to, link);
      if (link.direction === 'both') this.#add(link.to, link.from, link);
    }
  }

  /**
   * The less specific first: between sites, between a site and a node, between nodes. Of all pairs of nodes that no link
   * names it is the same list, by which they can be told at once: there are many.
   */
  of(sender: PlacedNode, receiver: PlacedNode): readonly Link[] {
    const [fromSite, from] = [sender.site.name, sender.node.vm];
    const [toSite, to] = [receiver.site.name, receiver.node.vm];
    const ofSites = this.#at(fromSite, toSite);
    if (!this.#names.has(from) && !this.#names.has(to)) return ofSites;
    return [...ofSites, ...this.#at(from, toSite), ...this.#at(fromSite, to), ...this.#at(from, to)];
  }

  /** Whether a link names a site or a node. */
  names(name: string): boolean {
    return this.#names.has(name);
  }

  #add(from: string, to: string, link: Link): void {
    const key = `${from}\n${to}`;
    this.#names.add(from).add(to);
    const links = this.#links.get(key);
    if (links === undefined) this.#links.set(key, [link]);
    else links.push(link);
  }

  #at(from: string, to: string): readonly Link[] {
    return this.#links.get(`${from}\n${to}`) ?? NO_LINKS;
  }
}
