import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';

// Not always the same: labs that run side by side shall not share one.
const FIRST = randomInt(1024);

/**
 * The words before a User-Mode Linux kernel's own that keep it on one CPU (taskset(1)). It has one CPU itself, and its
 * processes take turns: on two of this machine's each turn wakes a sleeping CPU, which made the same program take 2 to
 * 10 s, and 2.2 to 2.9 s on one. Kernels of different `number` get different ones as far as there are.
 */
export function onOneCpu(number = 0): string[] {
  const cpus = allowedCpus(readFileSync('/proc/self/status', 'latin1'));
  const cpu = cpus[(FIRST + number) % cpus.length];
  return cpu === undefined ? [] : ['taskset', '--cpu-list', String(cpu)];
}

/** The CPUs of a `Cpus_allowed_list` (proc(5)), such as 0-3,8. */
export function allowedCpus(status: string): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  return [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i),
  );
}
