import type { BitRate } from '../../units/bit-rate.js';
import type { Duration } from '../../units/duration.js';
import type { IpAddress } from '../../units/ip-network.js';
import type { MacAddress } from '../../units/mac-address.js';
import type { Host } from '../model/host.js';
import type { Node } from '../model/node.js';
import type { Site } from '../model/site.js';
import type { Vif } from '../model/virtual-machine.js';

/** A node's own line as it applies: undefined is no limit, and no delay. */
export interface Line {
  readonly bandwidth: BitRate | undefined;
  readonly latency: Duration | undefined;
}

/** A node of a site together with the vif, the machine and the host that carry it. */
export interface PlacedNode {
  /** `site1/vmgrid101`. */
  readonly path: string;
  readonly site: Site;
  readonly node: Node;
  readonly host: Host;
  readonly vif: Vif;
  readonly mac: MacAddress;
  /** The node's own line: the site's, parameter by parameter, unless the node says otherwise. */
  readonly access: Line;
  /** The addresses of the file and the link-local one that the machine gives itself. */
  readonly allAddresses: readonly IpAddress[];
}
