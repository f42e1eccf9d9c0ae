import type { Run } from '../../../process/run.js';
import type { Tunnel } from '../overlay/model.js';
import { parseClosed, parseTunnel } from '../overlay/parse-link.js';
import { numberOf, recordOf, recordsOf, textOf } from '../printed.js';

/** What an interface has counted in one direction. */
export interface Passed {
  readonly octets: bigint;
  readonly packets: bigint;
}

/** An interface of the host. */
export interface Link {
  readonly name: string;
  readonly ifindex: number;
  /** The bridge, or another interface, that it belongs to. */
  readonly master?: string;
  /** veth, ifb, bridge, tun; absent for hardware. */
  readonly kind?: string;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  /** As in RFC 2863: UP, DOWN, LOWERLAYERDOWN … */
  readonly operstate: string;
  readonly alias?: string;
  /** Of its device, such as `pci` or `xen-backend`; absent for what the kernel alone makes. */
  readonly bus?: string;
  /** Of a VXLAN device. */
  readonly vxlan?: Tunnel;
  /** Whether it is a port of a bridge that is closed as those of overlays are. */
  readonly closedPort?: boolean;
  /** Absent if they were not asked for. What a vif receives, its machine sends. */
  readonly passed?: { readonly received: Passed; readonly sent: Passed };
  /** The other end: by number in another namespace, by name in this one. */
  readonly peer?: { readonly ifindex?: number; readonly name?: string; readonly netnsid?: number };
}

/** Reads `ip -j -d link show`, with or without -s. @throws SyntaxError if it is no JSON. */
export function parseLinks(output: string): Link[] {
  return recordsOf(output).map((record) => {
    const info = recordOf(record['linkinfo']);
    const kind = textOf(info['info_kind']);
    const flags = record['flags'];
    const statistics = record['stats64'];
    const peer = {
      ...(typeof record['link_index'] === 'number' ? { ifindex: record['link_index'] } : {}),
      ...(typeof record['link'] === 'string' ? { name: record['link'] } : {}),
      ...(typeof record['link_netnsid'] === 'number' ? { netnsid: record['link_netnsid'] } : {}),
    };
    return {
      name: textOf(record['ifname']),
      ifindex: numberOf(record['ifindex']),
      ...(typeof record['master'] === 'string' ? { master: record['master'] } : {}),
      ...(kind === '' ? {} : { kind }),
      mac: textOf(record['address']),
      mtu: numberOf(record['mtu']),
      up: Array.isArray(flags) && flags.includes('UP'),
      operstate: textOf(record['operstate']),
      ...(typeof record['ifalias'] === 'string' ? { alias: record['ifalias'] } : {}),
      ...(typeof record['parentbus'] === 'string' ? { bus: record['parentbus'] } : {}),
      ...(kind === 'vxlan' ? { vxlan: parseTunnel(info['info_data']) } : {}),
      ...(parseClosed(info['info_slave_data']) ? { closedPort: true } : {}),
      ...(statistics === undefined ? {} : { passed: parsePassed(recordOf(statistics)) }),
      ...(Object.keys(peer).length === 0 ? {} : { peer }),
    };
  });
}

function parsePassed(statistics: Record<string, unknown>): NonNullable<Link['passed']> {
  const of = (direction: Record<string, unknown>): Passed => ({
    octets: BigInt(Math.trunc(numberOf(direction['bytes']))),
    packets: BigInt(Math.trunc(numberOf(direction['packets']))),
  });
  return { received: of(recordOf(statistics['rx'])), sent: of(recordOf(statistics['tx'])) };
}

/** Reads the interfaces of the present namespace with what has passed them, with one process. @throws NetmgrError `CommandFailed` */
export async function readLinks(run: Run): Promise<Link[]> {
  const { stdout } = await run(['ip', '-s', '-j', '-d', 'link', 'show']);
  return parseLinks(stdout);
}

/** Reads the interfaces of a machine, with one process inside it. @throws NetmgrError `CommandFailed` */
export async function readLinksInside(inside: Run): Promise<Link[]> {
  const { stdout } = await inside(['ip', '-j', '-d', 'link', 'show']);
  return parseLinks(stdout);
}
