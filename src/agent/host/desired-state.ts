import { addrTable } from '../../mib/addr-table.js';
import type { Configuration } from '../../mib/configuration.js';
import { FLOW_PROTOCOLS, flowTable, type FlowRow } from '../../mib/flow-table.js';
import { memberTable } from '../../mib/member-table.js';
import { vifTable, type VifRow } from '../../mib/vif-table.js';
import { IpAddress, IpNetwork } from '../../units/ip-network.js';
import { MacAddress } from '../../units/mac-address.js';
import { buildIsolation } from '../kernel/isolation/build.js';
import type { Flow, FlowEnd, FlowProtocol, IsolationInput } from '../kernel/isolation/model.js';
import type { BridgeNetfilter } from '../kernel/ip/bridge-netfilter.js';
import { buildNftTable } from '../kernel/nft/build.js';
import type { BridgeOverlay } from '../kernel/nft/overlays.js';
import type { OverlayState } from '../kernel/overlay/model.js';
import { SINK } from '../kernel/tc/ifb-name.js';
import type { Hold } from '../kernel/nft/hold.js';
import type { BridgeVif } from '../kernel/nft/model.js';
import type { KeptOriginals } from './kept-originals.js';
import { desiredMachine } from './desired-machine.js';
import { desiredOverlays } from './desired-overlays.js';
import { desiredTc, withOriginals } from './desired-trees.js';
import { isolationMembers, isolationSites } from '../config/isolation-rows.js';
import { groupBy } from '../../group-by.js';
import type { HostReading, HostState } from './host-state.js';
import type { Shape } from './undisturbed.js';

const THROUGH_IPTABLES: BridgeNetfilter = { 4: true, 6: true };

/**
 * The host as a configuration wants it. What bears netmgr's mark and is not wanted goes away.
 *
 * @param target with interfaces in place of vifs
 * @param kept how the host was before netmgr: what is given up becomes so again
 * @param hold what waits for machines that may come
 * @param trees what {@link desiredTc} says, where that is known
 * @param known the interfaces that it says nothing of, as they are what they should be
 */
export function desiredState(
  target: Configuration,
  reading: HostReading,
  kept: KeptOriginals,
  hold?: Hold,
  trees = desiredTc(target, reading),
  known: ReadonlyMap<string, Shape> = new Map(),
): HostState {
  const { bridgeNetfilter: original, qdiscs } = kept;
  const { state } = reading;
  const tc = withOriginals(trees, reading, qdiscs);
  const isolation = isolationInput(target);
  const { sets, rules } = buildIsolation(isolation);
  const isolates = isolation.members.length > 0;
  const overlays = desiredOverlays(target, reading.links);
  return {
    tc,
    ifbs: desiredIfbs([...tc.values(), ...known.values()]),
    overlays,
    ipsets: sets,
    iptables: rules,
    nft: buildNftTable(bridgeVifs(target), isolation, bridgeOverlays(overlays), hold),
    bridgeNetfilter: isolates ? THROUGH_IPTABLES : (original ?? state.bridgeNetfilter),
    machines: desiredMachines(target, state.machines, kept),
  };
}

/** The vifs whose machines' sending is shaped, and the one for copies. */
function desiredIfbs(devices: readonly Shape[]): Set<string> {
  const vifs = devices.filter(({ tx }) => tx !== undefined).map(({ vif }) => vif);
  return new Set(devices.some(({ copies }) => copies === true) ? [...vifs, SINK] : vifs);
}

/** The machines that were looked into as a configuration wants them. */
export function desiredMachines(
  target: Configuration,
  present: HostState['machines'],
  kept: Pick<KeptOriginals, 'machines'>,
): HostState['machines'] {
  return new Map(
    [...present].map(([name, machine]) => {
      const before = kept.machines.find((one) => one.machine === name);
      return [name, desiredMachine(name, target, machine, before)];
    }),
  );
}

function isolationInput(target: Configuration): IsolationInput {
  return {
    ...isolationSites(target),
    members: isolationMembers(target),
    flows: flowsOf(target),
  };
}

/** The exceptions to the policies of a configuration, in their order. */
export function flowsOf(target: Configuration): Flow[] {
  return target.rows(flowTable).map(flowOf);
}

function flowOf(row: FlowRow): Flow {
  const { index, action, protocol, toPortMin, toPortMax } = row;
  const isAnyPort = toPortMin === 0 && toPortMax === 65535;
  return {
    index,
    action,
    from: flowEnd(row.fromSite, row.fromAddress, row.fromPrefixLength),
    to: flowEnd(row.toSite, row.toAddress, row.toPrefixLength),
    ...(protocol === FLOW_PROTOCOLS.any ? {} : { protocol: protocol as FlowProtocol }),
    ...(isAnyPort ? {} : { ports: [toPortMin, toPortMax] }),
  };
}

function flowEnd(site: number, address: string, prefixLength: number): FlowEnd {
  return {
    ...(site === 0 ? {} : { site }),
    ...(address === '' ? {} : { network: IpNetwork.of(IpAddress.parse(address), prefixLength) }),
  };
}

function bridgeVifs(target: Configuration): BridgeVif[] {
  const addressesOf = groupBy(target.rows(addrTable), ({ vif }) => vif);
  const members = new Map(
    target
      .rows(memberTable)
      .map(
        (member) =>
          [IpNetwork.of(IpAddress.parse(member.address), member.prefixLength).toString(), member] as const,
      ),
  );
  return target.rows(vifTable).map((row): BridgeVif => {
    const addresses = (addressesOf.get(row.vif) ?? []).map(({ address }) => IpAddress.parse(address));
    const member = addresses
      .concat(linkLocal(row))
      .map((address) => members.get(IpNetwork.ofHost(address).toString()))
      .find((found) => found !== undefined);
    return {
      vif: row.vif,
      ...(row.macAddress === '' ? {} : { mac: MacAddress.parse(row.macAddress) }),
      guard: row.sourceGuard,
      forwarding: row.forwarding,
      addresses,
      ...(member === undefined ? {} : { site: member.site }),
      role: member?.role ?? 'node',
    };
  });
}

function bridgeOverlays(overlays: OverlayState): BridgeOverlay[] {
  return [...overlays].map(([device, { site, machines }]) => ({
    device,
    site,
    machines: [...machines.keys()],
  }));
}

function linkLocal({ macAddress }: VifRow): IpAddress[] {
  return macAddress === '' ? [] : [MacAddress.parse(macAddress).linkLocalAddress()];
}
