import { writeFile } from 'node:fs/promises';
import { addressOf, machineName, numbers } from './environment.js';

/** Machines of a network for traffic, of one host. */
export interface TrafficNetwork {
  /** How many machines there are. */
  readonly vifs: number;
  /**
   * Whether a vif is at another bridge than those that are measured. A bridge sends to all ports what it knows no port of, and
   * of more than net.core.netdev_max_backlog, 1,000, the kernel drops.
   */
  readonly isApart: (vif: number) => boolean;
  /** One that sends, and that no link is from. */
  readonly sender: Machine;
  /** By the number of links that end there. */
  readonly receivers: ReadonlyMap<number, Machine>;
  /** Two that the virtual environment knows nothing of. */
  readonly unshaped: readonly [Machine, Machine];
}

/** A machine with the address that it is to have. */
export interface Machine {
  readonly name: string;
  readonly address: string;
}

/** Lays a network out in which some machines receive from others, each from so many. */
export function trafficNetwork(counts: readonly number[]): TrafficNetwork {
  const peers = Math.max(...counts);
  return {
    vifs: counts.length + peers + 3,
    isApart: (vif) => vif >= counts.length && vif < counts.length + peers,
    sender: machineAt(counts.length + peers),
    receivers: new Map(counts.map((count, place) => [count, machineAt(place)])),
    unshaped: [machineAt(counts.length + peers + 1), machineAt(counts.length + peers + 2)],
  };
}

/** Writes the virtual file: links with a bandwidth each from as many peers as a receiver has. */
export async function writeTraffic(path: string, { receivers, sender }: TrafficNetwork): Promise<string> {
  const counts = [...receivers.keys()];
  const peers = numbers(Math.max(...counts)).map((peer) => machineAt(counts.length + peer));
  const nodes = [...receivers.values(), ...peers, sender];
  const lines = [
    '<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="bench">',
    '  <site name="site1" network="10.1.0.0/16">',
    ...nodes.map(({ name, address }) => `    <node vm="${name}" address="${address}"/>`),
    '  </site>',
    ...[...receivers].flatMap(([count, { name }]) =>
      peers
        .slice(0, count)
        .map((peer) => `  <link from="${peer.name}" to="${name}" direction="forward" bandwidth="10mbit"/>`),
    ),
    '</virtual-environment>',
  ];
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

const machineAt = (vif: number): Machine => ({ name: machineName(1, vif), address: addressOf(1, vif) });
