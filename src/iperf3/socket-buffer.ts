import { readFile } from 'node:fs/promises';

/** Octets that hold what a link of 500 Mbit/s carries while a receiver is kept from reading for 30 ms. */
const ENOUGH = 1 << 22;

/**
 * The octets of a socket's buffers that the kernel allows, in both directions, up to what is ever needed; undefined where
 * it does not tell, as older kernels do in network namespaces.
 */
export async function socketBuffer(): Promise<number | undefined> {
  try {
    const limits = await Promise.all(
      ['rmem_max', 'wmem_max'].map((name) => readFile(`/proc/sys/net/core/${name}`, 'latin1')),
    );
    return Math.min(ENOUGH, ...limits.map(Number));
  } catch {
    return undefined;
  }
}
