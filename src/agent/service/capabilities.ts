/**
 * The capabilities(7) that the agent and its commands need, found by taking one away at a time. Not among them:
 * loading modules, which the kernel does by itself and the unit's modprobe@ before; and what is only needed to see and
 * end processes outside of the service.
 */
export const CAPABILITIES: readonly string[] = [
  // tc, ip, ipset, nft and iptables.
  'CAP_NET_ADMIN',
  // iptables asks for sets through a raw socket, and its legacy form for everything. fping sends by one.
  'CAP_NET_RAW',
  // Entering the network namespace of a machine, which ip does with a /sys of its own.
  'CAP_SYS_ADMIN',
  // A private snmpd becomes an unprivileged user, and has then to be ended; and so does the fping of an echo beside the
  // routes.
  'CAP_SETUID',
  'CAP_SETGID',
  'CAP_KILL',
];

/** What a private snmpd needs besides. */
export const SNMPD_CAPABILITIES: readonly string[] = [
  // Port 161.
  'CAP_NET_BIND_SERVICE',
  // Reading the users in its user's directory. Writing there is for `agent install`.
  'CAP_DAC_READ_SEARCH',
];

/** What the machines of an agent need besides where they are containers. */
export const CONTAINER_CAPABILITIES: readonly string[] = [
  // Looking which network a process of another user is in.
  'CAP_SYS_PTRACE',
];
