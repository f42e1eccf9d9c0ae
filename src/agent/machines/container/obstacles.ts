import type { Link } from '../../kernel/ip/links.js';
import type { MachineInterface } from '../machine-driver.js';

const REMEDY =
  'connect the container with a Linux bridge instead, such as --network NAME of a network with the driver bridge';

/** What leads out of a container past the host's bridges, by its kind. */
const PAST: Readonly<Record<string, string>> = {
  macvlan: 'a macvlan sends at the hardware below it',
  macvtap: 'a macvtap sends at the hardware below it',
  ipvlan: 'an ipvlan sends at the hardware below it',
  tun: 'user-mode networking (slirp4netns, pasta) has no interface in the kernel of the host',
};

/** Devices of a container that has none of its own to the outside. */
const sentence = (what: string): string =>
  `${what}, so nothing at this host can shape or isolate it: ${REMEDY}`;

/** That of a container in the host's own network namespace. */
export const SHARES_HOST: MachineInterface = {
  ...{ vif: '', model: 'host', mac: '' },
  obstacle: sentence('it shares the network of its host'),
};

/** That of a container that is connected with nothing. */
export const UNCONNECTED: MachineInterface = {
  ...{ vif: '', model: '', mac: '' },
  obstacle: `it has no interface to the outside: ${REMEDY}`,
};

/** The interfaces of a container that have no end at the host, as far as they lead out of it. */
export function interfacesPast(inside: readonly Link[]): MachineInterface[] {
  return inside.flatMap(({ name, kind, mac }) => {
    const why =
      kind === undefined
        ? name === 'lo'
          ? undefined
          : 'hardware that was given to a container is none of the host'
        : PAST[kind];
    return why === undefined ? [] : { vif: '', model: kind ?? '', mac, obstacle: sentence(why) };
  });
}
