import type { Link } from '../model/link.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { checkParameters } from './check-parameters.js';
import type { Conflicts } from './conflicts.js';
import type { Parameters } from '../model/parameters.js';
import type { PositionOf } from './place-nodes.js';
import type { PlacedNode } from './placed-node.js';

/** Finds what of links and lines cannot be or has no effect, once all that applies to a pair of nodes is known. */
export class LinkChecks {
  readonly #told = new Set<string>();
  readonly #used = new Set<Link>();

  constructor(
    private readonly virtual: VirtualEnvironment,
    private readonly positionOf: PositionOf,
    private readonly conflicts: Conflicts,
  ) {}

  /** Checks what links say of a pair of nodes, the most specific last. */
  readonly check = (links: readonly Link[], parameters: Parameters): void => {
    for (const link of links) this.#used.add(link);
    const last = links.at(-1);
    if (last !== undefined) this.#tell(last, parameters, `${last.from} - ${last.to}`);
  };

  /** Notes a link that cannot be. */
  readonly refuse = (link: Link, message: string, hint: string): void => {
    this.#used.add(link);
    this.conflicts.add(message, `${link.from} - ${link.to}`, this.positionOf(link), hint);
  };

  /** Checks a node's own line. */
  checkAccess({ access, node, site, path }: PlacedNode): void {
    const element = node.access ?? site.access;
    if (element === undefined) return;
    const subject = node.access === undefined ? site.name : path;
    for (const direction of ['sent', 'received'] as const) {
      this.#tell(element[direction] ?? element, access[direction], subject);
    }
  }

  /** A link with a site that has no other nodes says nothing. */
  finish(): void {
    const sites = new Set(this.virtual.sites.map(({ name }) => name));
    for (const link of this.virtual.links) {
      if (this.#used.has(link) || (sites.has(link.from) && sites.has(link.to))) continue;
      this.conflicts.add(
        `there is nobody for the link between ${link.from} and ${link.to}, so that it has no effect`,
        `${link.from} - ${link.to}`,
        this.positionOf(link),
        'Give the site nodes, or remove the link.',
      );
    }
  }

  #tell(element: object, parameters: Parameters, subject: string): void {
    for (const { message, hint } of checkParameters(parameters)) {
      const key = `${subject}\n${message}`;
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      this.conflicts.add(message, subject, this.positionOf(element), hint);
    }
  }
}
