import type { FixtureMachine } from '../fixture.js';

/** The hosts, by what they are called in the files; both reach each other, and the manager, at these addresses. */
export const HOSTS = { host1: '10.99.0.1', host2: '10.99.0.2' } as const;
export type HostName = keyof typeof HOSTS;
export const HOST_NAMES = ['host1', 'host2'] as const;

/** A guest of the grid. */
export interface Guest extends FixtureMachine {
  readonly site: number;
  readonly address: string;
  readonly isProxy: boolean;
  /** Where it is defined and started. */
  readonly home: HostName;
}

const guest = (name: string, site: number, number: number, home: HostName): Guest => ({
  ...{ name, site, home, isProxy: number === 1 },
  address: `10.${String(site)}.0.${String(number)}`,
  mac: `52:54:00:44:0${String(site)}:0${String(number)}`,
  aliases: [`3a0b0c0d-0000-4000-8000-0000000000${String(site)}${String(number)}`],
});

/** Three sites with a proxy each, over both hosts. */
export const GUESTS = [
  guest('proxy1', 1, 1, 'host1'),
  guest('node1', 1, 2, 'host2'),
  guest('proxy2', 2, 1, 'host2'),
  guest('node2', 2, 2, 'host1'),
  guest('proxy3', 3, 1, 'host1'),
  guest('node3', 3, 2, 'host2'),
] as const;

/** One at the first host's bridge that no file names. */
export const STRANGER: FixtureMachine = {
  name: 'stranger',
  mac: '52:54:00:44:09:01',
  aliases: ['3a0b0c0d-0000-4000-8000-000000000099'],
};

/** What links have in the file, in kbit/s: what guests under software emulation send and receive without effort. */
export const RATES = { access: 2000, sites12: 1000, sites13: 500, sites23: 250 } as const;

/** Two sites, and the rate between them. */
const LINKS = [
  [1, 2, RATES.sites12],
  [1, 3, RATES.sites13],
  [2, 3, RATES.sites23],
] as const;

export interface GridSettings {
  /** Those that there are. Default: all. */
  readonly guests?: readonly Guest[];
  /** Of the hosts, so that machines may move between them. */
  readonly cluster?: string;
  readonly overlay?: boolean;
  /** Milliseconds of the links between sites, one way. */
  readonly latency?: number;
}

/** The real file: vifs have no names, since they have another at each start. */
export function realFile({ cluster, guests = GUESTS }: GridSettings = {}): string {
  const hosts = HOST_NAMES.map((host) => {
    const vms = guests
      .filter(({ home }) => home === host)
      .map(
        ({ name, mac, aliases: [uuid = ''] }) =>
          `    <vm name="${name}" uuid="${uuid}"><vif mac="${mac}" bridge="br0"/></vm>`,
      );
    return `  <host name="${host}" address="${HOSTS[host]}" hypervisor="kvm"${cluster === undefined ? '' : ` cluster="${cluster}"`}>
    <agent credentials="grid"/>
    <bridge name="br0" uplink="up0"/>
${vms.join('\n')}
  </host>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<real-environment xmlns="urn:netmgr:real-environment:1" name="libvirt-grid">
  <credentials name="grid" user="netmgr" auth="SHA-256" priv="AES-128" from="env:NETMGR_GRID"/>
  <switch name="sw0"/>
${hosts.join('\n')}
  <link from="host1" to="sw0" bandwidth="1gbit"/>
  <link from="host2" to="sw0" bandwidth="1gbit"/>
</real-environment>
`;
}

export function virtualFile({ guests = GUESTS, overlay = false, latency }: GridSettings = {}): string {
  const isThere = (site: number): boolean => guests.some((one) => one.site === site);
  const sites = [1, 2, 3].filter(isThere).map((site) => {
    const nodes = guests
      .filter((one) => one.site === site)
      .map(
        ({ name, address, isProxy }) =>
          `    <node vm="${name}" address="${address}"${isProxy ? ' role="proxy"' : ''}/>`,
      );
    return `  <site name="site${String(site)}" network="10.${String(site)}.0.0/16"${overlay ? ' overlay="vxlan"' : ''}>
${nodes.join('\n')}
    <access bandwidth="${String(RATES.access)}kbit"/>
  </site>`;
  });
  const link = ([a, b, rate]: readonly [number, number, number]): string =>
    `  <link from="site${String(a)}" to="site${String(b)}" bandwidth="${String(rate)}kbit"${latency === undefined ? '' : ` latency="${String(latency)}ms"`}/>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="libvirt-grid">
${sites.join('\n')}
${LINKS.filter(([a, b]) => isThere(a) && isThere(b))
  .map(link)
  .join('\n')}
</virtual-environment>
`;
}
