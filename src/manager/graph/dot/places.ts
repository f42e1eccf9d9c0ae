import { groupBy } from '../../../group-by.js';
import type { Arrangement, Cluster, Shelf } from '../arrange.js';

/** Where an edge ends in the drawing: at a node, or at the frame around it. */
export interface Place {
  readonly node: string;
  readonly cluster?: string;
}

/** A node of the drawing with shelves in it. */
export interface ShelfNode {
  readonly id: string;
  readonly shelves: readonly Shelf[];
}

/** The names that nodes and groups have in the drawing. A blank is in no name of a file, so that none is there twice. */
export class Places {
  readonly #clusters: ReadonlyMap<string, Cluster>;
  readonly #groupsOfNodes: ReadonlyMap<string, string>;
  /** The groups that an edge leads to from within, or that have nothing else to end at. */
  readonly #wholes = new Set<string>();

  constructor({ clusters, edges }: Arrangement) {
    this.#clusters = new Map(clusters.map((cluster) => [cluster.group.id, cluster]));
    this.#groupsOfNodes = new Map(
      clusters.flatMap(({ group, singles }) => singles.map(({ id }) => [id, group.id] as const)),
    );
    for (const { from, to } of edges) {
      for (const [end, other] of [
        [from, to],
        [to, from],
      ] as const) {
        if (this.#isWithin(other, end)) this.#wholes.add(end);
      }
    }
    for (const cluster of clusters) {
      if (cluster.singles.length === 0 && cluster.shelves.length === 0) this.#wholes.add(cluster.group.id);
    }
  }

  /** @param other the other end of the edge */
  of(end: string, other: string): Place {
    const cluster = this.#clusters.get(end);
    if (cluster === undefined) return { node: end };
    if (this.#isWithin(other, end)) return { node: this.wholeOf(end) };
    return { node: this.#anchorOf(cluster), cluster: this.clusterOf(end) };
  }

  clusterOf(group: string): string {
    return `cluster ${group}`;
  }

  hasWhole(group: string): boolean {
    return this.#wholes.has(group);
  }

  wholeOf(group: string): string {
    return `all of ${group}`;
  }

  /** A bridge is a node of its own, because edges may lead to it; all others stand together. */
  shelvesOf({ group, shelves }: Cluster): ShelfNode[] {
    return [...groupBy(shelves, ({ bridge }) => bridge?.id ?? `machines of ${group.id}`)].map(
      ([id, own]) => ({
        id,
        shelves: own,
      }),
    );
  }

  #isWithin(end: string, group: string): boolean {
    return this.#clusters.has(group) && (end === group || this.#groupsOfNodes.get(end) === group);
  }

  /** Proxies first: what goes between sites goes over them. */
  #anchorOf(cluster: Cluster): string {
    const { group, singles } = cluster;
    const [proxy] = singles.filter(({ kind }) => kind === 'proxy');
    return proxy?.id ?? this.shelvesOf(cluster)[0]?.id ?? singles[0]?.id ?? this.wholeOf(group.id);
  }
}
