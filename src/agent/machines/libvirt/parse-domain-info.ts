import type { VmRow } from '../../../mib/vm/vm-table.js';
import { NO_LIMIT } from '../vm-mib-values.js';

const STATES: Readonly<Record<string, VmRow['operState']>> = {
  running: 'running',
  idle: 'running',
  paused: 'paused',
  'in shutdown': 'shuttingdown',
  'shut off': 'shutdown',
  crashed: 'crashed',
  pmsuspended: 'suspended',
};

const MICROSECONDS = 1e6;
/** Octets of what libvirt counts memory in. */
const KIBIBYTE = 1024;

/** What `virsh dominfo` says of a domain, in the words of VM-MIB. Nothing of what it does not say. */
export function parseDomainInfo(output: string): Partial<Omit<VmRow, 'index' | 'name'>> {
  const said = new Map(
    [...output.matchAll(/^([^:\n]+):[ \t]+(.*)$/gm)].map(([, key = '', value = '']) => [key, value] as const),
  );
  const number = (key: string): number | undefined => {
    const text = /^[\d.]+/.exec(said.get(key) ?? '')?.[0];
    return text === undefined ? undefined : Number(text);
  };
  const [cpus, seconds] = [number('CPU(s)'), number('CPU time')];
  const [most, used] = [number('Max memory'), number('Used memory')];
  const operState = STATES[said.get('State') ?? ''] ?? 'unknown';
  return {
    OSType: said.get('OS Type') ?? '',
    operState,
    ...(operState === 'running' || operState === 'paused' ? { adminState: operState } : {}),
    autoStart: said.get('Autostart') === 'enable' ? 'enabled' : 'disabled',
    persistent: said.get('Persistent') === 'yes' ? 'persistent' : 'transient',
    ...(cpus === undefined ? {} : { curCpuNumber: cpus }),
    minCpuNumber: NO_LIMIT,
    memUnit: KIBIBYTE,
    ...(used === undefined ? {} : { curMem: used }),
    minMem: NO_LIMIT,
    ...(most === undefined ? {} : { maxMem: most }),
    ...(seconds === undefined ? {} : { cpuTime: BigInt(Math.round(seconds * MICROSECONDS)) }),
  };
}
