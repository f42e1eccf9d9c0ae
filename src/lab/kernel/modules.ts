/** What labs and agents use, to be loaded before: in a namespace of its own a kernel may not load them by itself. */
export const KERNEL_MODULES: readonly string[] = [
  ...['ipv6', 'veth', 'bridge', 'br_netfilter', 'vxlan', 'tun'],
  ...['sch_tbf', 'sch_netem', 'sch_htb', 'sch_ingress', 'cls_u32', 'act_mirred', 'ifb'],
  ...['ip_tables', 'iptable_filter', 'ip6_tables', 'ip6table_filter', 'xt_physdev', 'xt_set', 'xt_conntrack'],
  ...['ip_set', 'ip_set_hash_ip', 'ip_set_hash_net', 'ip_set_hash_netport', 'ip_set_hash_netnet'],
  ...['nf_tables', 'nft_chain_filter', 'nft_compat', 'nf_conntrack'],
];
