import { BitRate } from '../../units/bit-rate.js';
import { Duration } from '../../units/duration.js';
import { IpNetwork } from '../../units/ip-network.js';
import { Node } from './node.js';
import { Contains, Parsed, ParsedEach } from './decorators.js';

/** What may pass between a site and another one that a link joins it with. */
export type SitePolicy = 'isolated' | 'proxy' | 'routed' | 'open';

/** A group of nodes that reach one another. */
export class Site {
  readonly name!: string;
  @ParsedEach((text) => IpNetwork.parse(text))
  readonly networks!: readonly IpNetwork[];
  readonly policy!: SitePolicy;
  /** `vxlan`: the site's own overlay between hosts. */
  readonly overlay?: 'vxlan';
  @Contains(() => Node)
  readonly nodes!: readonly Node[];
  @Contains(() => Route)
  readonly routes!: readonly Route[];
  /** Every node's own line, unless the node says otherwise. */
  @Contains(() => Access)
  readonly access?: Access;
}

/** A node's own line, beside any link: what limits all that it sends and, separately, all that it receives. */
export class Access {
  @Parsed((text) => BitRate.parse(text))
  readonly bandwidth?: BitRate;
  /** One way; added once at each end. */
  @Parsed((text) => Duration.parse(text))
  readonly latency?: Duration;
}

/** A route that every node of the site gets, except the one it leads through. */
export class Route {
  @Parsed((text) => IpNetwork.parse(text))
  readonly to!: IpNetwork;
  /** The name of a node. */
  readonly via!: string;
  @Parsed(Number)
  readonly metric?: number;
}
