import { numberOf, recordOf, recordsOf, textOf } from '../../kernel/printed.js';
import type { EngineContainer } from './engine.js';
import { CONTAINER_ID, isContainerName, shortId } from './names.js';

/** Docker and Podman count processors in parts of this. */
const NANO = 1e9;

/**
 * Reads what `podman container inspect` or `docker container inspect` prints: Podman keeps to Docker's names. What does not run
 * any more, and what cannot be a container, is left out.
 *
 * @throws SyntaxError if it is no JSON
 */
export function parseInspect(output: string): EngineContainer[] {
  return recordsOf(output).flatMap((record) => {
    const state = recordOf(record['State']);
    const host = recordOf(record['HostConfig']);
    const id = textOf(record['Id']);
    // Docker puts a slash before it.
    const name = textOf(record['Name']).replace(/^\//, '');
    const pid = numberOf(state['Pid']);
    if (!isContainerName(name) || !CONTAINER_ID.test(id) || !isPid(pid)) return [];
    return {
      name,
      ids: [id, shortId(id)],
      pid,
      isPaused: state['Paused'] === true,
      network: textOf(host['NetworkMode']),
      memory: amountOf(host['Memory']),
      processors: processorsOf(host),
      isRestarted: ['always', 'unless-stopped'].includes(textOf(recordOf(host['RestartPolicy'])['Name'])),
      isTransient: host['AutoRemove'] === true,
    };
  });
}

/** Either as a number of them, or as a part of each period. */
function processorsOf(host: Record<string, unknown>): number {
  const nano = amountOf(host['NanoCpus']);
  if (nano > 0) return nano / NANO;
  const [quota, period] = [amountOf(host['CpuQuota']), amountOf(host['CpuPeriod'])];
  return period > 0 ? quota / period : 0;
}

const amountOf = (value: unknown): number => Math.max(0, numberOf(value));
/** One that has ended has 0. */
export const isPid = (pid: number): boolean => Number.isSafeInteger(pid) && pid > 0;
