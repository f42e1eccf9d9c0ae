import { median } from '../../statistics/summary.js';
import { inLab, NETMGR, type InLabOptions } from '../lab/in-lab.js';
import type { Step } from '../lab/step.js';
import { floorSteps } from './floor.js';
import { HOST } from './one-host.js';

/** Words for what is beside a figure. */
export const FLOOR = 'the floor: the same commands by tc, ipset, iptables-restore, nft';

/**
 * Seconds that the tools need for plans of one host, each once after the other, from a host that has nothing.
 *
 * @param plans the files of the plans
 * @returns the medians, by plan
 */
export async function measureFloor(
  { directory, real }: Pick<InLabOptions, 'directory' | 'real'>,
  plans: readonly string[],
  repeat: number,
): Promise<number[]> {
  const tools: Step[][] = [];
  for (const plan of plans) tools.push(await floorSteps(directory, plan));
  const clean: Step = { argv: [...NETMGR, 'agent', 'clean'] };
  const round = [...tools.flat(), clean];
  const rounds = Array.from({ length: repeat }, () => round).flat();
  const seconds = await inLab({ directory, real, agents: false, host: HOST }, rounds);
  let first = 0;
  return tools.map(({ length }) => {
    const begin = first;
    first += length;
    const times = Array.from({ length: repeat }, (_, n) =>
      seconds.slice(n * round.length + begin, n * round.length + begin + length),
    );
    return median(times.map((one) => one.reduce((sum, time) => sum + time, 0)));
  });
}
