import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Of linux/rtnetlink.h, as masks: what `ip monitor link` and `tc monitor` join. */
export const RTMGRP_LINK = 0x1;
export const RTMGRP_TC = 0x8;

/** NETLINK_ROUTE of linux/netlink.h. */
const ROUTE = '0';

/**
 * Whether a process of this network namespace has a netlink socket that the kernel tells of these groups: until then
 * it says nothing of what happens.
 */
export function isListeningTo(pid: number, groups: number): boolean {
  try {
    const own = new Set(socketsOf(pid));
    // sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode
    return readFileSync('/proc/net/netlink', 'latin1')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .some(
        ([, protocol, , mask = '', , , , , , inode = '']) =>
          protocol === ROUTE && own.has(inode) && (Number.parseInt(mask, 16) & groups) === groups,
      );
  } catch {
    // It has just ended.
    return false;
  }
}

/** The inodes of the sockets that a process has open. */
function socketsOf(pid: number): string[] {
  const directory = `/proc/${String(pid)}/fd`;
  return readdirSync(directory).flatMap((fd) => {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`${directory}/${fd}`))?.[1];
    return inode === undefined ? [] : [inode];
  });
}
