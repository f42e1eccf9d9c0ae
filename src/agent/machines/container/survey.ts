import { release, type } from 'node:os';
import type { Run } from '../../../process/run.js';
import type { Survey, SurveyedMachine } from '../machine-driver.js';
import type { Container } from './discover.js';
import type { Engine } from './engine.js';
import { hvUpTime, NO_LIMIT } from '../vm-mib-values.js';

/** Octets that vmMaxMem counts: with less of them 2 TiB would not fit into it. */
const MEMORY_UNIT = 1024;
const INT32_MAX = 2 ** 31 - 1;

/** The engines of a host with their versions, each asked with one process; those that do not answer are left out. */
export async function hypervisorOf(run: Run, engines: readonly Engine[]): Promise<Survey['hypervisor']> {
  const answered: { name: string; version: string }[] = [];
  for (const engine of engines) {
    const version = await engine.version(run).catch(() => undefined);
    if (version !== undefined) answered.push({ name: engine.name, version });
  }
  const [only, ...others] = answered;
  const several = answered.map(({ name, version }) => `${name} ${version}`).join(', ');
  return {
    hvSoftware: only === undefined ? `${type()} containers` : answered.map(({ name }) => name).join(', '),
    hvVersion: only === undefined ? release() : others.length === 0 ? only.version : several,
    // Nobody has given them a number.
    hvObjectID: [],
    hvUpTime: await hvUpTime(),
  };
}

/** What is known of a container for VM-MIB. It has a number of processors and an amount of memory only as limits. */
export function knownOf({ told }: Container): SurveyedMachine['known'] {
  const state = told?.isPaused === true ? 'paused' : 'running';
  const { processors = 0, memory = 0, isRestarted, isTransient } = told ?? {};
  return {
    OSType: type(),
    ...{ adminState: state, operState: state },
    autoStart: isRestarted === undefined ? 'unknown' : isRestarted ? 'enabled' : 'disabled',
    // A process that no engine knows is not started again by one.
    persistent:
      told === undefined
        ? 'transient'
        : isTransient === undefined
          ? 'unknown'
          : isTransient
            ? 'transient'
            : 'persistent',
    minCpuNumber: NO_LIMIT,
    maxCpuNumber: processors > 0 ? Math.min(Math.ceil(processors), INT32_MAX) : NO_LIMIT,
    minMem: NO_LIMIT,
    ...(memory > 0
      ? { memUnit: MEMORY_UNIT, maxMem: Math.min(Math.floor(memory / MEMORY_UNIT), INT32_MAX) }
      : { maxMem: NO_LIMIT }),
  };
}
