import { setTimeout as sleep } from 'node:timers/promises';
import { failuresOf } from '../../errors.js';
import type { LinkStateRow } from '../../mib/link-state-table.js';
import { IpAddress } from '../../units/ip-network.js';
import { readHostStatus, type HostFailure, type HostStatus } from '../host-status.js';
import type { PlacedNode } from '../merge/placed-node.js';
import { mayMoveTo } from '../model/clusters.js';
import type { Host } from '../model/host.js';
import type { SnmpSession } from '../snmp/snmp-session.js';
import type { LinkNow, NetworkState, VifNow } from './network-state.js';
import { Rates } from './rates.js';

export interface MonitorSettings {
  /** Milliseconds from one reading of a host to the next. */
  readonly interval: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Hears of the network once in each interval. */
  readonly onState: (state: NetworkState) => void;
}

/** The hosts, and the nodes of the virtual environment if there is one. */
export interface MonitoredNetwork {
  readonly hosts: readonly Host[];
  readonly nodes: readonly PlacedNode[];
}

/**
 * Reads what all hosts say, again and again, until it is ended. Each host is read by itself: one that does not answer holds up no
 * other.
 *
 * @param sessions in the order of the hosts
 * @param network what is to be told by nodes
 */
export async function monitorHosts(
  sessions: readonly SnmpSession[],
  network: MonitoredNetwork,
  { interval, signal, onState }: MonitorSettings,
): Promise<void> {
  const said = new Map<string, HostStatus | HostFailure>();
  const composer = new Composer(network);
  const pause = (): Promise<unknown> => sleep(interval, undefined, { signal }).catch(() => undefined);
  const watchHost = async (session: SnmpSession): Promise<void> => {
    const { host } = session.agent;
    while (!signal.aborted) {
      const rest = pause();
      said.set(host, await readOrFail(host, session));
      await rest;
    }
  };
  const tell = async (): Promise<void> => {
    while (!signal.aborted) {
      const rest = pause();
      const hosts = sessions.map(({ agent }) => said.get(agent.host)).filter((one) => one !== undefined);
      if (hosts.length > 0) onState(composer.stateOf(hosts));
      await rest;
    }
  };
  await Promise.all([...sessions.map(watchHost), tell()]);
}

async function readOrFail(name: string, session: SnmpSession): Promise<HostStatus | HostFailure> {
  try {
    return await readHostStatus(name, session);
  } catch (error) {
    return { name, errors: failuresOf(error) };
  }
}

/** Puts together what hosts said, by the nodes that it is about. */
class Composer {
  readonly #rates = new Rates();
  readonly #byVif: ReadonlyMap<string, string>;
  readonly #byAddress: ReadonlyMap<string, string>;

  constructor({ hosts, nodes }: MonitoredNetwork) {
    this.#byVif = new Map(
      nodes.flatMap(({ host, vif, path }) =>
        hosts
          .filter((other) => mayMoveTo(host, other))
          .map(({ name }) => [`${name} ${vif.name}`, path] as const),
      ),
    );
    this.#byAddress = new Map(
      nodes.flatMap(({ allAddresses, path }) => allAddresses.map((address) => [address.toString(), path])),
    );
  }

  stateOf(hosts: readonly (HostStatus | HostFailure)[]): NetworkState {
    const answering = hosts.filter((host): host is HostStatus => 'cfg' in host);
    return {
      ...{ time: new Date(), hosts },
      vifs: answering.flatMap((host) => this.#vifsOf(host)),
      links: answering.flatMap((host) => this.#linksOf(host)),
    };
  }

  #vifsOf({ name: host, vifs, summary: { statsTime } }: HostStatus): VifNow[] {
    return vifs.map((row) => ({
      ...{ host, row, node: this.#byVif.get(`${host} ${row.vif}`) },
      sends: this.#rates.of(
        `${host} ${row.vif} sends`,
        { octets: row.txOctets, drops: row.txDrops },
        statsTime,
      ),
      receives: this.#rates.of(
        `${host} ${row.vif} receives`,
        { octets: row.rxOctets, drops: row.rxDrops },
        statsTime,
      ),
    }));
  }

  #linksOf({ name: host, links, summary: { statsTime } }: HostStatus): LinkNow[] {
    return links.map((row) => ({
      ...{ host, row, from: this.#peerOf(row), to: this.#byVif.get(`${host} ${row.vif}`) },
      flowing: this.#rates.of(`${host} ${row.vif} ${row.peerName}`, row, statsTime),
    }));
  }

  /** Undefined of a network, and of an address that no node has. */
  #peerOf({ peer, peerPrefixLength }: LinkStateRow): string | undefined {
    const address = IpAddress.tryParse(peer);
    const isOne = address !== undefined && peerPrefixLength === (address.version === 4 ? 32 : 128);
    return isOne ? this.#byAddress.get(address.toString()) : undefined;
  }
}
