import { addrTable } from '../../mib/addr-table.js';
import type { Configuration } from '../../mib/configuration.js';
import { memberTable } from '../../mib/member-table.js';
import { siteTable } from '../../mib/site-table.js';
import { vifTable } from '../../mib/vif-table.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';

const LINK_LOCAL = /^fe[89ab]/;

/** Addresses and indices of a host's rows in the words of the files, as far as files and rows know them. */
export class Names {
  readonly #nodes = new Map<string, string>();
  readonly #networks = new Map<string, string>();
  readonly #sites: ReadonlyMap<number, string>;
  readonly #sitesOfAddresses: ReadonlyMap<string, string>;
  readonly #vifs: ReadonlyMap<string, string>;

  /** @param machines by their addresses: those that the file does not have any more */
  constructor(
    virtual: VirtualEnvironment | undefined,
    configuration: Configuration,
    machines: ReadonlyMap<string, string> = new Map(),
  ) {
    for (const [address, machine] of machines) this.#nodes.set(address, machine);

    for (const { name, networks, nodes } of virtual?.sites ?? []) {
      for (const network of networks) this.#networks.set(network.toString(), name);
      for (const { vm, addresses } of nodes) {
        for (const address of addresses) this.#nodes.set(address.toString(), `${name}/${vm}`);
      }
    }
    this.#sites = new Map(
      configuration.rows(siteTable).map(({ site, name }) => [site, name || String(site)]),
    );
    this.#sitesOfAddresses = new Map(
      configuration.rows(memberTable).map(({ site, address }) => [address, this.site(site)]),
    );
    const sitesOfVifs = new Map<string, string>();
    for (const { vif, address } of configuration.rows(addrTable)) {
      const site = this.#sitesOfAddresses.get(address);
      if (site !== undefined && !sitesOfVifs.has(vif)) sitesOfVifs.set(vif, site);
    }
    this.#vifs = new Map(
      configuration
        .rows(vifTable)
        .map(({ vif, vmName }) => [
          vif,
          [sitesOfVifs.get(vif), vmName || vif].filter((part) => part !== undefined).join('/'),
        ]),
    );
  }

  /** The machines behind the vifs of the host, by their addresses. */
  static machinesOf(configuration: Configuration): ReadonlyMap<string, string> {
    const names = new Names(undefined, configuration);
    return new Map(
      configuration.rows(addrTable).map(({ vif, address }) => [address, names.machineOf(vif)] as const),
    );
  }

  site(index: number): string {
    return this.#sites.get(index) ?? `site ${String(index)}`;
  }

  /** `site1/vmgrid101`, the machine behind a vif. */
  machineOf(vif: string): string {
    return this.#vifs.get(vif) ?? vif;
  }

  /** `site1/vmgrid101`, or `site1/10.1.0.101` where the file has no such node. */
  address(address: string): string {
    const known = this.#nodes.get(address);
    if (known !== undefined) return known;
    const site = this.#sitesOfAddresses.get(address);
    return site === undefined ? address : `${site}/${address}`;
  }

  /** What sends from these addresses and networks: a node, or a site that is routed for. */
  sender(peers: readonly { readonly peer: string; readonly peerPrefixLength: number }[]): string {
    // Link-local ones are in no file.
    const [first] = peers.filter(({ peer }) => !LINK_LOCAL.test(peer)).concat(peers);
    if (first === undefined) return '';
    const { peer, peerPrefixLength } = first;
    const bits = peer.includes(':') ? 128 : 32;
    if (peerPrefixLength === bits) return this.address(peer);
    const network = `${peer}/${String(peerPrefixLength)}`;
    return this.#networks.get(network) ?? network;
  }
}

/** Whether an address is one that a machine gives itself. */
export function isLinkLocal(address: string): boolean {
  return LINK_LOCAL.test(address);
}
