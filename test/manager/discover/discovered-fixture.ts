import type { DiscoveredTarget } from '../../../src/manager/discover/discover.js';
import type {
  DiscoveredHost,
  DiscoveredMachine,
  DiscoveredVif,
} from '../../../src/manager/discover/discovered.js';
import { IpAddress } from '../../../src/units/ip-network.js';

const CREDENTIALS = {
  name: 'lab',
  user: 'netmgr',
  auth: 'SHA-256',
  priv: 'AES-128',
  from: 'env:LAB',
} as const;

/** An interface at br0, as far as nothing else is said. */
export const vif = (name: string, mac = '', more: Partial<DiscoveredVif> = {}): DiscoveredVif => ({
  ...{ name, mac, bridge: 'br0', obstacle: '' },
  ...more,
});

/** A machine that runs. */
export const machine = (
  name: string,
  vifs: readonly DiscoveredVif[] = [],
  more: Partial<DiscoveredMachine> = {},
): DiscoveredMachine => ({
  ...{ name, uuid: '', aliases: [], os: 'Linux', state: 'running', vifs },
  ...more,
});

/** A host with a bridge br0 and the uplink eth0. */
export const host = (
  name: string,
  machines: readonly DiscoveredMachine[],
  more: Partial<DiscoveredHost> = {},
): DiscoveredHost => ({
  ...{ name, backend: 'qemu', software: 'QEMU', version: '9.2.0 (Debian)', machines },
  bridges: [{ name: 'br0', kind: 'linux', uplink: 'eth0', otherUplinks: [] }],
  ...more,
});

/** The same as it was asked for, at 10.0.0.N. */
export const at = (number: number, discovered: DiscoveredHost): DiscoveredTarget => ({
  host: discovered,
  target: { address: IpAddress.parse(`10.0.0.${String(number)}`), port: 161, credentials: CREDENTIALS },
});

/** A MAC address by its last octet. */
export const mac = (last: number): string => `52:54:00:00:00:${last.toString(16).padStart(2, '0')}`;
