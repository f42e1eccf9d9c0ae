import { digestOf } from '../../mib/digest.js';
import type { Manager } from '../../manager/manager.js';
import type { PlacedNode } from '../../manager/merge/placed-node.js';
import { latencyOf, limitOf, lossOf, WantedNetwork } from '../../manager/merge/wanted-network.js';
import type { Parameters } from '../../manager/model/parameters.js';
import type { Site } from '../../manager/model/site.js';

/** What is asked of what one node receives from another. */
export interface WantedLink {
  readonly parameters: Parameters;
  /** Bits per second: the least of the link and of the lines of both; undefined if nothing limits it. */
  readonly limit: number | undefined;
  /** Microseconds there and back. */
  readonly roundTrip: number;
  /** The same of all jitters on the way. */
  readonly jitter: number;
  /** Whether the receiver's echo requests to the sender are answered, some of them at least. */
  readonly isAnswered: boolean;
}

/** What the files ask for, by nodes and hosts. */
export class Wanted {
  /** By path. */
  readonly nodes: ReadonlyMap<string, PlacedNode>;
  readonly #sites: readonly Site[];
  readonly #network: WantedNetwork | undefined;
  readonly #digests: ReadonlyMap<string, Buffer>;
  readonly #links = new Map<string, WantedLink>();

  constructor({ real, virtual, environment }: Pick<Manager, 'real' | 'virtual' | 'environment'>) {
    this.#sites = virtual?.sites ?? [];
    this.#network = virtual === undefined ? undefined : new WantedNetwork(real, virtual);
    this.nodes = new Map(this.#network?.nodes.map((node) => [node.path, node]));
    this.#digests = new Map(
      virtual === undefined
        ? []
        : environment.hosts.map(({ path, configuration }) => [path, digestOf(configuration)]),
    );
  }

  siteOf(name: string): Site | undefined {
    return this.#sites.find((site) => site.name === name);
  }

  /** Of the configuration that a host is to run; undefined if no virtual environment is given. */
  digestOf(host: string): Buffer | undefined {
    return this.#digests.get(host);
  }

  /** @param from and to paths of nodes; undefined of what are none */
  linkOf(from: string, to: string): WantedLink | undefined {
    const key = `${from} ${to}`;
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    const [sender, receiver] = [this.nodes.get(from), this.nodes.get(to)];
    if (this.#network === undefined || sender === undefined || receiver === undefined) return undefined;
    const there = this.#network.legs(sender, receiver);
    const all = [...there, ...this.#network.legs(receiver, sender)];
    const [leg] = there;
    // Beyond a proxy it is another link.
    if (leg === undefined || there.length > 1) return undefined;
    const wanted = {
      parameters: leg.parameters,
      limit: limitOf(there)?.bandwidth,
      roundTrip: latencyOf(all).microseconds,
      jitter: all.reduce((sum, { parameters }) => sum + (parameters.jitter?.microseconds ?? 0), 0),
      isAnswered: lossOf(all) < 1 && this.#network.decide(receiver, sender, { protocol: 'icmp' }).passes,
    };
    this.#links.set(key, wanted);
    return wanted;
  }
}
