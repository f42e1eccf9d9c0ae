import { IpNetwork } from '../../units/ip-network.js';
import { Access } from './access.js';
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
  /** The VXLAN network identifier; one that follows from the names if nothing is said. */
  @Parsed(Number)
  readonly overlayVni?: number;
  /** The UDP port of the overlay. */
  @Parsed(Number)
  readonly overlayPort?: number;
  @Contains(() => Node)
  readonly nodes!: readonly Node[];
  @Contains(() => Route)
  readonly routes!: readonly Route[];
  /** Every node's own line, unless the node says otherwise. */
  @Contains(() => Access)
  readonly access?: Access;
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
