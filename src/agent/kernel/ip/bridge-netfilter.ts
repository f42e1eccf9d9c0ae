import { readFile, writeFile } from 'node:fs/promises';
import { messageOf, NetmgrError } from '../../../errors.js';
import type { Checkpoint } from '../../../process/durable-files.js';
import type { Run } from '../../../process/run.js';

const FILES = {
  4: '/proc/sys/net/bridge/bridge-nf-call-iptables',
  6: '/proc/sys/net/bridge/bridge-nf-call-ip6tables',
} as const;

/** Whether bridged frames of each IP version go through iptables, in the present network namespace. */
export interface BridgeNetfilter {
  readonly 4: boolean;
  readonly 6: boolean;
}

/** @returns undefined if the kernel has no br_netfilter loaded: no rule of iptables sees a bridged frame then */
export async function readBridgeNetfilter(): Promise<BridgeNetfilter | undefined> {
  try {
    const [ipv4, ipv6] = await Promise.all([readFile(FILES[4], 'latin1'), readFile(FILES[6], 'latin1')]);
    return { 4: ipv4.trim() === '1', 6: ipv6.trim() === '1' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Sends bridged frames through iptables or past it.
 *
 * @throws NetmgrError `AccessDenied` where the agent may not
 */
export async function writeBridgeNetfilter(
  from: BridgeNetfilter,
  to: BridgeNetfilter,
  checkpoint: Checkpoint = () => undefined,
): Promise<void> {
  for (const version of [4, 6] as const) {
    if (from[version] === to[version]) continue;
    await checkpoint(`write ${FILES[version]}`);
    try {
      await writeFile(FILES[version], to[version] ? '1' : '0');
    } catch (error) {
      throw new NetmgrError({
        kind: 'AccessDenied',
        message: `${FILES[version]} cannot be written: ${messageOf(error)}`,
        hint: `Set ${FILES[version]} to ${to[version] ? '1' : '0'} by hand, or run the agent where it may.`,
        cause: error,
      });
    }
  }
}

/** Loads br_netfilter, where that is possible and not done. @returns whether it is there now */
export async function loadBridgeNetfilter(run: Run): Promise<boolean> {
  if ((await readBridgeNetfilter()) !== undefined) return true;
  try {
    await run(['modprobe', 'br_netfilter']);
  } catch (error) {
    if (!(error instanceof NetmgrError) || error.kind !== 'CommandFailed') throw error;
  }
  return (await readBridgeNetfilter()) !== undefined;
}
