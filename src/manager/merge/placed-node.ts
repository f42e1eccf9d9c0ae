import type { IpAddress } from '../../units/ip-network.js';
import type { MacAddress } from '../../units/mac-address.js';
import type { Host } from '../model/host.js';
import type { Node } from '../model/node.js';
import type { Site } from '../model/site.js';
import type { Vif, VirtualMachine } from '../model/virtual-machine.js';
import type { Parameters } from '../model/parameters.js';

/** A node of a site together with the vif, the machine and the host that carry it. */
export interface PlacedNode {
  /** `site1/vmgrid101`. */
  readonly path: string;
  readonly site: Site;
  readonly node: Node;
  readonly host: Host;
  readonly vm: VirtualMachine;
  readonly vif: Vif;
  readonly mac: MacAddress;
  /** The node's own line, each way: the site's, parameter by parameter, unless the node says otherwise. */
  readonly access: { readonly sent: Parameters; readonly received: Parameters };
  /** The addresses of the file and the link-local one that the machine gives itself. */
  readonly allAddresses: readonly IpAddress[];
}
