import { valueOf } from '../../value-of.js';
import type { Link } from '../model/link.js';
import type { PlacedNode } from './placed-node.js';

const NO_LINKS: readonly Link[] = [];
const NOBODY: readonly string[] = [];

/** Finds the links of a virtual environment that are about what one node sends to another. */
export class LinksBetween {
  /** By the sites and nodes that they lead to, and by those that they come from. */
  readonly #links = new Map<string, Map<string, Link[]>>();
  /** Of the sites and nodes that links are about. */
  readonly #names = new Set<string>();

  constructor(links: readonly Link[]) {
    for (const link of links) {
      this.#add(link.from, link.to, link);
      if (link.direction === 'both') this.#add(link.to, link.from, link);
    }
  }

  /**
   * The less specific first: between sites, between a site and a node, between nodes. Where one of these alone says something
   * it is the same list each time, by which pairs of nodes can be told at once: there are many.
   */
  of(sender: PlacedNode, receiver: PlacedNode): readonly Link[] {
    const [fromSite, from] = [sender.site.name, sender.node.vm];
    const [toSite, to] = [receiver.site.name, receiver.node.vm];
    const ofSites = this.at(fromSite, toSite);
    if (!this.#names.has(from) && !this.#names.has(to)) return ofSites;
    const said = [ofSites, this.at(from, toSite), this.at(fromSite, to), this.at(from, to)].filter(
      (links) => links.length > 0,
    );
    const [first = NO_LINKS] = said;
    return said.length > 1 ? said.flat() : first;
  }

  /** What is said of all that one end sends to another; the same list for all of which nothing is said. */
  at(from: string, to: string): readonly Link[] {
    return this.#links.get(to)?.get(from) ?? NO_LINKS;
  }

  /** The sites and nodes that have a link of their own to this one. */
  sourcesOf(to: string): Iterable<string> {
    return this.#links.get(to)?.keys() ?? NOBODY;
  }

  #add(from: string, to: string, link: Link): void {
    this.#names.add(from).add(to);
    const toIt = valueOf(this.#links, to, () => new Map<string, Link[]>());
    valueOf(toIt, from, (): Link[] => []).push(link);
  }
}
