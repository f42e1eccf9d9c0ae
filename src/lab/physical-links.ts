import { NetmgrError } from '../errors.js';
import type { PhysicalLink, RealEnvironment } from '../manager/model/real-environment.js';
import type { BitRate } from '../units/bit-rate.js';

/** A bridge's way to a switch. */
export interface Uplink {
  readonly host: string;
  readonly bridge: string;
  /** The host's interface. */
  readonly device: string;
  /** Which of the switches, counted from 0. */
  readonly switch: number;
  readonly bandwidth?: BitRate;
}

/** A link between two switches, counted from 0. */
export interface Trunk {
  readonly from: number;
  readonly to: number;
  readonly bandwidth?: BitRate;
}

export interface PhysicalNetwork {
  /** The switches' names; one without a name of the file's where the file has none. */
  readonly switches: readonly string[];
  readonly uplinks: readonly Uplink[];
  readonly trunks: readonly Trunk[];
  /** What of the file the lab leaves out, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Reads from the file which uplink goes to which switch at what rate: the n-th uplink of a host takes the host's
 * n-th link to a switch, further uplinks take its last one, and a host without such a link the first switch.
 *
 * @throws NetmgrError `Conflict` if the switches form a ring, because the lab's switches speak no spanning tree.
 */
export function readPhysicalNetwork(real: RealEnvironment): PhysicalNetwork {
  const names = real.switches.map(({ name }) => name);
  const notes: string[] = [];
  const uplinks = real.hosts.flatMap((host) => {
    const lines = real.links.flatMap((link) => towards(link, host.name, names));
    return host.bridges
      .filter((bridge) => bridge.uplink !== undefined)
      .map((bridge, index): Uplink => {
        const line = lines[index] ?? lines.at(-1);
        return {
          host: host.name,
          bridge: bridge.name,
          device: bridge.uplink ?? '',
          switch: line?.switch ?? 0,
          ...bandwidthOf(line?.link),
        };
      });
  });
  const hosts = new Set(real.hosts.map(({ name }) => name));
  const trunks: Trunk[] = [];
  for (const link of real.links) {
    const from = names.indexOf(link.from);
    const to = names.indexOf(link.to);
    if (from >= 0 && to >= 0) trunks.push({ from, to, ...bandwidthOf(link) });
    else if (from < 0 && to < 0) notes.push(leftOut(link, 'neither end is a switch'));
    else if (!hosts.has(from < 0 ? link.from : link.to)) notes.push(leftOut(link, 'it leads to no host'));
  }
  refuseRing(names, trunks);
  return { switches: names.length === 0 ? ['switch'] : names, uplinks, trunks, notes };
}

function towards(
  link: PhysicalLink,
  host: string,
  switches: readonly string[],
): { switch: number; link: PhysicalLink }[] {
  const other = link.from === host ? link.to : link.to === host ? link.from : undefined;
  const index = other === undefined ? -1 : switches.indexOf(other);
  return index < 0 ? [] : [{ switch: index, link }];
}

function bandwidthOf(link: PhysicalLink | undefined): { bandwidth?: BitRate } {
  return link?.bandwidth === undefined ? {} : { bandwidth: link.bandwidth };
}

function leftOut(link: PhysicalLink, why: string): string {
  return `the lab leaves out the link from ${link.from} to ${link.to}: ${why}`;
}

function refuseRing(names: readonly string[], trunks: readonly Trunk[]): void {
  const root = names.map((_, index) => index);
  const rootOf = (index: number): number => {
    const parent = root[index] ?? index;
    return parent === index ? index : rootOf(parent);
  };
  for (const { from, to } of trunks) {
    const [a, b] = [rootOf(from), rootOf(to)];
    if (a === b) {
      throw new NetmgrError({
        kind: 'Conflict',
        message: `the link from ${names[from] ?? ''} to ${names[to] ?? ''} closes a ring of switches`,
        subject: names[from],
        hint: "Leave out one of the ring's links: the lab's switches speak no spanning tree protocol.",
      });
    }
    root[a] = b;
  }
}
