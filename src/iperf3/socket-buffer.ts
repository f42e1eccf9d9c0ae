import type { Run } from '../process/run.js';

/** Octets that hold what a link of 500 Mbit/s carries while a receiver is kept from reading for 30 ms. */
const ENOUGH = 1 << 22;

/**
 * The octets of a socket's buffers that a kernel allows, in both directions, up to what is ever needed; undefined where it does not
 * tell, as older kernels do in network namespaces.
 *
 * @param run runs commands where the kernel is that is asked: a virtual machine has one of its own
 */
export async function socketBuffer(run: Run): Promise<number | undefined> {
  const names = ['net.core.rmem_max', 'net.core.wmem_max'];
  const { stdout } = await run(['sysctl', '-n', ...names], { accept: [0, 1, 255] });
  const limits = (stdout.match(/^\d+$/gm) ?? []).map(Number);
  return limits.length === names.length ? Math.min(ENOUGH, ...limits) : undefined;
}
