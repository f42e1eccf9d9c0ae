import type { Run } from '../../process/run.js';
import type { BridgeNetfilter } from '../kernel/ip/bridge-netfilter.js';
import { bringHost } from './bring-host.js';
import type { Attempt, HostParts, Machines } from './host-parts.js';
import type { HostReading, HostState } from './host-state.js';

/** A command that a commit runs, with all that it is given. */
export interface PlannedCommand {
  readonly argv: readonly string[];
  /** What it reads from its standard input. */
  readonly input: string;
}

/**
 * What would bring a host from what was read to what is wanted, in that order: {@link bringHost} itself, with commands
 * that are noted instead of run, and nothing that is kept or written.
 *
 * @param noting the machines, whose commands are run in another way
 */
export async function plannedCommands(
  { machines, probe }: Pick<HostParts, 'machines' | 'probe'>,
  noting: (note: Run) => Pick<Machines, 'inside'>,
  reading: HostReading,
  to: HostState,
): Promise<PlannedCommand[]> {
  const commands = bridgeNetfilterCommands(reading.state.bridgeNetfilter, to.bridgeNetfilter);
  const note: Run = (argv, { input = '' } = {}) => {
    commands.push({ argv, input });
    return Promise.resolve({ stdout: '', stderr: '', exitCode: 0 });
  };
  const parts = {
    run: note,
    probe,
    machines: noting(note),
    // What is only read is read.
    lookers: machines,
    originals: KEEPS_NOTHING,
  };
  await bringHost(parts, reading, to, withoutFiles);
  return commands;
}

const nothing = (): Promise<void> => Promise.resolve();

const KEEPS_NOTHING = {
  keepMachines: nothing,
  releaseMachines: nothing,
  keepQdiscs: nothing,
  releaseQdiscs: nothing,
  keepBridgeNetfilter: nothing,
  releaseBridgeNetfilter: nothing,
};

/** No command writes to these files, so that this step is left out. */
const withoutFiles: Attempt = (what, work, otherwise) =>
  what === 'bridge-netfilter' ? Promise.resolve(otherwise()) : work();

/** The same by sysctl(8), since there is no command for it. */
function bridgeNetfilterCommands(
  from: BridgeNetfilter | undefined,
  to: BridgeNetfilter | undefined,
): PlannedCommand[] {
  if (from === undefined || to === undefined) return [];
  const names = {
    4: 'net.bridge.bridge-nf-call-iptables',
    6: 'net.bridge.bridge-nf-call-ip6tables',
  } as const;
  return ([4, 6] as const)
    .filter((version) => from[version] !== to[version])
    .map((version) => ({
      argv: ['sysctl', '-w', `${names[version]}=${to[version] ? '1' : '0'}`],
      input: '',
    }));
}
