import type { LiveLab, LogLine } from './live-lab.js';

/** The commands that only look. Whatever is not known to be one counts as a change. */
const READS = [
  /^ip (-n \S+ |-s )?-j /,
  /^tc -s -r -j -force -batch -$/,
  /^bridge -j fdb show$/,
  /^ipset save$/,
  /^ip6?tables-(nft|legacy)-save (-c|-t filter)$/,
  /^nft list (table bridge netmgr|chains)$/,
  /^nsenter --net=\S+ -- sysctl -n /,
];

/** A command, and what it reads. */
export interface Ran {
  readonly command: string;
  readonly input: string;
}

/** The commands of an agent's log that change the kernel. */
export function changesOf(log: readonly LogLine[]): string[] {
  return changesWithInput(log).map(({ command }) => command);
}

/** The same, with what they read. */
export function changesWithInput(log: readonly LogLine[]): Ran[] {
  return log
    .filter(({ msg }) => msg === 'run')
    .map(({ command = [], input = '' }) => ({ command: command.join(' '), input }))
    .filter(({ command }) => !READS.some((pattern) => pattern.test(command)));
}

/** Does the work and answers with the changing commands that each agent ran meanwhile. */
export async function changesDuring(
  lab: LiveLab,
  hosts: readonly string[],
  work: () => Promise<unknown>,
): Promise<Record<string, string[]>> {
  const before = await Promise.all(hosts.map(async (host) => (await lab.log(host)).length));
  await work();
  const after = await Promise.all(
    hosts.map(async (host, i) => [host, changesOf((await lab.log(host)).slice(before[i]))] as const),
  );
  return Object.fromEntries(after);
}
