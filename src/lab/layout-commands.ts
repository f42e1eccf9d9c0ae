import type { BitRate } from '../units/bit-rate.js';

// No spanning tree and no wait for it; multicast goes everywhere, because a lab has no querier and snooping would
// lose IPv6 neighbour discovery after some minutes; no address of its own on any of the lab's bridges.
const BRIDGE = 'type bridge stp_state 0 forward_delay 0 mcast_snooping 0';

/** Lines of `ip -batch` that make a bridge. */
export function bridgeCommands(name: string): string[] {
  return [`link add name ${name} ${BRIDGE}`, ...raiseCommands(name)];
}

/** Lines of `ip -batch` that make an interface a bridge's port. */
export function portCommands(device: string, bridge: string): string[] {
  return [`link set dev ${device} master ${bridge}`, ...raiseCommands(device)];
}

/** In two lines: in one, the interface would be up, and have its link-local address, before it may not. */
function raiseCommands(device: string): string[] {
  return [`link set dev ${device} addrgenmode none`, `link set dev ${device} up`];
}

/** Lines of `tc -batch` for a physical line's rate with 50 ms of buffer; a burst of 1 ms or two full frames, as for emulated links. */
export function rateCommands(device: string, bandwidth: BitRate | undefined): string[] {
  if (bandwidth === undefined) return [];
  const bytesPerSecond = bandwidth.bitsPerSecond / 8;
  const burst = Math.ceil(Math.max(2 * 1514, bytesPerSecond / 1000));
  const limit = Math.ceil(bytesPerSecond / 20) + burst;
  return [
    `qdisc add dev ${device} root tbf rate ${String(bandwidth.bitsPerSecond)}bit burst ${String(burst)} limit ${String(limit)}`,
  ];
}
