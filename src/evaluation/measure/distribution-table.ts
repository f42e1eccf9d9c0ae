import { readFile } from 'node:fs/promises';
import { NetmgrError } from '../../errors.js';
import type { Distribution } from '../experiments.js';

/** Where iproute2's tables are, on Debian and elsewhere. */
const DIRECTORIES = [
  ...['/usr/lib/x86_64-linux-gnu/tc', '/usr/lib/i386-linux-gnu/tc', '/usr/lib/aarch64-linux-gnu/tc'],
  ...['/usr/lib/tc', '/usr/lib64/tc', '/usr/share/tc'],
];
/** NETEM_DIST_SCALE of linux/pkt_sched.h. */
const SCALE = 8192;

/**
 * The values from which the kernel draws the delays of a distribution, in standard deviations from the mean: what tc
 * gives it.
 *
 * @throws NetmgrError `CommandFailed` where iproute2's tables are not found.
 */
export async function readDistributionTable(distribution: Distribution): Promise<number[]> {
  for (const directory of DIRECTORIES) {
    const text = await readFile(`${directory}/${distribution}.dist`, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    return text
      .replace(/#.*$/gm, '')
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => Number(word) / SCALE);
  }
  throw new NetmgrError({
    kind: 'CommandFailed',
    message: `iproute2's table of the distribution ${distribution} is not in ${DIRECTORIES.join(', ')}`,
    subject: distribution,
  });
}
