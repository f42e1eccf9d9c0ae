import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processorTimeIn } from '../../agent/processes/processor-time.js';
import { AGENTS_DIRECTORY } from '../../lab/inside/directory.js';
import { hostName } from '../network/environment.js';

/** Memory of a process in octets, as the kernel counts it (proc(5), VmRSS and VmHWM). */
export interface Memory {
  readonly resident: number;
  /** The most that it ever was. */
  readonly peak: number;
}

/** The agent of a lab's one host, seen from outside as the kernel counts it. */
export class AgentProcess {
  private constructor(private readonly pid: number) {}

  static find(): AgentProcess {
    return new AgentProcess(Number(readFileSync(join(AGENTS_DIRECTORY, `${hostName(1)}.pid`), 'utf8')));
  }

  /** Seconds of the processor that it has used, and the tools that it has started and that have ended. */
  get processorTime(): number {
    return processorTimeIn(statOf(this.pid));
  }

  /** The same of what it has started and that runs still: its snmpd and the monitors of the kernel. */
  get companionsTime(): number {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => statOf(Number(name)))
      .filter((stat) => parentIn(stat) === this.pid)
      .reduce((sum, stat) => sum + processorTimeIn(stat), 0);
  }

  get memory(): Memory {
    const status = readFileSync(`/proc/${String(this.pid)}/status`, 'utf8');
    const octets = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
    return { resident: octets('VmRSS'), peak: octets('VmHWM') };
  }
}

/** Empty for one that has ended. */
function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
  } catch {
    return '';
  }
}

/** The field after the state, which follows the name; NaN of nothing. */
const parentIn = (stat: string): number => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
