/**
 * By the platforms whose machines' interfaces have another name each time a machine starts: how they begin these names. The agent
 * holds what sends from such an interface until it is known whose it is; so no uplink may be called so.
 */
export const INTERFACE_PREFIXES = {
  // Of taps and macvtaps (libvirt, "Domain XML format", target).
  kvm: ['vnet', 'macvtap'],
  xen: ['vif'],
  // CNI, netavark, Docker and LXC alike.
  container: ['veth'],
} as const;
