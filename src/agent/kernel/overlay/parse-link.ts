import { IpAddress } from '../../../units/ip-network.js';
import { numberOf, recordOf } from '../printed.js';
import type { Tunnel } from './model.js';

/** What `ip -j -d link` prints of VXLAN devices that are not as netmgr makes them. */
const OTHERS = [
  ...['learning', 'external', 'vnifilter', 'group', 'group6', 'remote', 'remote6', 'link', 'proxy', 'rsc'],
  ...['l2miss', 'l3miss', 'gbp', 'gpe', 'ttl'],
];

/** Reads `linkinfo.info_data` of a VXLAN device. */
export function parseTunnel(printed: unknown): Tunnel {
  const data = recordOf(printed);
  const local = data['local'] ?? data['local6'];
  return {
    vni: numberOf(data['id']),
    port: numberOf(data['port']),
    local: typeof local === 'string' ? addressText(local) : '',
    plain: OTHERS.every((name) => !data[name]),
  };
}

/** An address as netmgr writes it; what is none stays as it is. */
export function addressText(text: string): string {
  return IpAddress.tryParse(text)?.toString() ?? text;
}

/** Reads `linkinfo.info_slave_data` of a port of a bridge: whether it is closed as those of overlays are. */
export function parseClosed(printed: unknown): boolean {
  const data = recordOf(printed);
  return (
    data['isolated'] === true &&
    data['learning'] === false &&
    data['flood'] === false &&
    data['mcast_flood'] === true &&
    data['bcast_flood'] === true
  );
}
