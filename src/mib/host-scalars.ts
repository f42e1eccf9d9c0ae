import { NETEMU_HOST } from './objects.js';
import { scalarsBelow, type ScalarsOf } from './scalar.js';
import { adminString, bits } from './syntax.js';

/** What a host's kernel and agent can do, by the labels of netemuHostCapabilities. */
export const capabilityBits = bits({
  netem: 0,
  netemDuplicate: 1,
  tbf: 2,
  htb: 3,
  u32: 4,
  ifb: 5,
  mirred: 6,
  iptables: 7,
  ip6tables: 8,
  ipset: 9,
  nftBridge: 10,
  bridgeNetfilter: 11,
  guestAddress: 12,
  guestRoute: 13,
  conntrack: 14,
  guestForwarding: 15,
  guestMtu: 16,
  vxlan: 17,
  probeEcho: 18,
  probeThroughput: 19,
  probeConnect: 20,
});

export type Capability = keyof typeof capabilityBits.labels;

/** Where machines live: kvm is QEMU or KVM with libvirt, qemu without. */
export const backendBits = bits({ xen: 0, kvm: 1, container: 2, namespace: 3, qemu: 4 });

export type Backend = keyof typeof backendBits.labels;

const { readOnly } = scalarsBelow(NETEMU_HOST);

/** netemuHost: who the agent is and what its host can do. */
export const hostScalars = {
  name: 'netemuHost',
  oid: NETEMU_HOST,
  scalars: {
    name: readOnly(1, adminString(0, 255)),
    agentVersion: readOnly(2, adminString(0, 64)),
    kernel: readOnly(3, adminString(0, 255)),
    backends: readOnly(4, backendBits),
    capabilities: readOnly(5, capabilityBits),
  },
} as const;

export type HostScalars = ScalarsOf<typeof hostScalars.scalars>;
