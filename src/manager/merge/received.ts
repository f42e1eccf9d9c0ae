import { valueOf } from '../../value-of.js';
import type { Link } from '../model/link.js';
import type { Parameters } from '../model/parameters.js';
import type { LinksBetween } from './links-between.js';
import { overridden, through } from './parameters.js';
import type { PlacedNode } from './placed-node.js';
import type { Profiles } from './profiles.js';

/** What happens to what one node receives from another, and the index of its profile. */
export interface Received {
  readonly parameters: Parameters;
  readonly index: number;
  /** What is between the two, the most specific last. */
  readonly links: readonly Link[];
}

/**
 * Finds what nodes receive from each other: what the links between them say, and what the lines of both do. There are many
 * pairs of nodes and few different ones, so the same links and lines are looked at once.
 */
export class Receiving {
  readonly #known = new Map<readonly Link[], OfLinks>();

  /** @param onLink hears once of what links come to, the most specific last */
  constructor(
    private readonly links: LinksBetween,
    private readonly profiles: Profiles,
    private readonly onLink: (links: readonly Link[], parameters: Parameters) => void,
  ) {}

  of(sender: PlacedNode, receiver: PlacedNode): Received {
    const links = this.links.of(sender, receiver);
    const [{ sent }, { received }] = [sender.access, receiver.access];
    const known = this.#known.get(links);
    if (known === undefined) {
      const result = this.#find(links, sent, received);
      this.#known.set(links, { sent, received, result, others: undefined });
      return result;
    }
    if (known.sent === sent && known.received === received) return known.result;
    known.others ??= new Map();
    const ofSender = valueOf(known.others, sent, () => new Map<Parameters, Received>());
    return valueOf(ofSender, received, () => this.#find(links, sent, received));
  }

  #find(links: readonly Link[], sent: Parameters, received: Parameters): Received {
    const own = overridden(links);
    if (links.length > 0) this.onLink(links, own);
    const parameters = through(own, [sent, received]);
    return { parameters, index: this.profiles.indexOf(parameters), links };
  }
}

/** What is known of the same links: of most, what two lines make of them, and of some what others do. */
interface OfLinks {
  readonly sent: Parameters;
  readonly received: Parameters;
  readonly result: Received;
  others: Map<Parameters, Map<Parameters, Received>> | undefined;
}
