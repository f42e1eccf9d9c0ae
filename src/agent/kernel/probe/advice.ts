import type { Capability } from '../../../mib/host-scalars.js';

const EXTRA = 'On Ubuntu the package linux-modules-extra-$(uname -r) holds it.';
const module = (name: string): string => `Load the kernel module ${name} (modprobe ${name}). ${EXTRA}`;

/** What to do on a host that lacks something. */
export const ADVICE: Readonly<Partial<Record<Capability, string>>> = {
  netem: `${module('sch_netem')} Without it there is no latency, jitter or loss.`,
  netemDuplicate:
    'This kernel has no second netem beside one that duplicates (since mid-2025): leave duplicate out of the profiles.',
  tbf: module('sch_tbf'),
  htb: module('sch_htb'),
  u32: module('cls_u32'),
  ifb: module('ifb'),
  mirred: `${module('act_mirred')} It needs sch_ingress too.`,
  iptables:
    'Install the package iptables, and load the kernel modules xt_set and xt_pkttype, with nf_tables and nft_compat or with iptable_filter.',
  ip6tables:
    'Install the package iptables, and load the kernel modules xt_set and xt_pkttype, with nf_tables and nft_compat or with ip6table_filter.',
  ipset: 'Install the package ipset, and load the kernel module ip_set_hash_net (modprobe ip_set_hash_net).',
  nftBridge: 'Install the package nftables, and load the kernel module nf_tables (modprobe nf_tables).',
  conntrack:
    'Load the kernel modules nf_conntrack and xt_conntrack: without them allow and deny cannot tell replies from other packets.',
  vxlan: `${module('vxlan')} Without it there are no overlays between hosts.`,
  probeEcho:
    'Install the package fping: without it machines cannot be told to ask each other (netmgr verify).',
  probeThroughput:
    'Install the package iperf3: without it machines cannot be told to measure throughput (netmgr verify).',
  probeConnect:
    'Install the package socat: without it machines cannot be told to try a port of each other (netmgr explain --probe).',
  bridgeNetfilter:
    'Load the kernel module br_netfilter (modprobe br_netfilter): without it iptables sees no bridged frame.',
};
