import { groupBy } from '../../group-by.js';
import { addrTable } from '../../mib/addr-table.js';
import type { Configuration } from '../../mib/configuration.js';
import { IpAddress, IpNetwork } from '../../units/ip-network.js';

/**
 * The address of a vif from which its machine asks a target; undefined where the kernel has to choose. By it the
 * target's host tells which link it is.
 */
export type SourceOf = (vif: string, target: IpAddress) => string | undefined;

/** Of the addresses that a configuration gives to the vif: one in the target's network, or else the first. */
export function sourceAddresses(configuration: Configuration): SourceOf {
  const byVif = groupBy(configuration.rows(addrTable), ({ vif }) => vif);
  return (vif, target) => {
    const own = (byVif.get(vif) ?? [])
      .map(({ address, prefixLength }) => ({ address: IpAddress.parse(address), prefixLength }))
      .filter(({ address }) => address.version === target.version);
    const near = own.find(({ address, prefixLength }) =>
      IpNetwork.containing(address, prefixLength).contains(target),
    );
    return (near ?? own[0])?.address.toString();
  };
}
