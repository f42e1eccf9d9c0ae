/** Why an interface of a machine cannot be shaped. */
export interface Obstacle {
  readonly words: string;
  /** Whether the kernel has an end of it at all. */
  readonly hasInterface: boolean;
}

const BRIDGE = "<interface type='bridge'> with a Linux bridge";

const outside = (what: string): Obstacle => ({
  words: `${what} has no interface in the host's kernel, so nothing there can shape or isolate it: use ${BRIDGE} instead`,
  hasInterface: false,
});

/** By the type of libvirt's interface; the others are interfaces at bridges. */
const OBSTACLES: Readonly<Record<string, Obstacle>> = {
  vhostuser: outside('vhost-user'),
  user: outside('user-mode networking'),
  hostdev: outside('a device that is passed through'),
  vdpa: outside('vDPA'),
  mcast: outside('a multicast tunnel'),
  server: outside('a TCP tunnel'),
  client: outside('a TCP tunnel'),
  udp: outside('a UDP tunnel'),
  null: outside('an interface that leads nowhere'),
  direct: {
    words: `macvtap passes by bridges, so what isolates machines does not see it: use ${BRIDGE} instead`,
    hasInterface: true,
  },
};

const OPEN_VSWITCH: Obstacle = {
  words: `a port of Open vSwitch passes by Linux bridges, so what isolates machines does not see it: use ${BRIDGE} instead`,
  hasInterface: true,
};

/**
 * What stands in the way of shaping an interface; undefined if nothing does.
 *
 * @param type of libvirt's `<interface>`
 * @param port type of its `<virtualport>`; empty if it has none
 */
export function obstacleOf(type: string, port: string): Obstacle | undefined {
  return OBSTACLES[type] ?? (port === 'openvswitch' ? OPEN_VSWITCH : undefined);
}
