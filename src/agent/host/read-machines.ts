import pMap from 'p-map';
import type { MachineState } from '../kernel/ip/machine.js';
import { readMachine } from '../kernel/ip/read-machine.js';
import type { Machines } from './host-parts.js';
import type { Patience } from './patience.js';

/** Machines that are looked into at a time: a guest takes a while to answer. */
const AT_ONCE = 8;

/**
 * Looks into machines.
 *
 * @param patience with those that may be missing: they are left out then. Default: each has to be there
 * @throws NetmgrError `CommandFailed` of the first that does not answer, and has to be there
 */
export async function readMachines(
  machines: Pick<Machines, 'inside'>,
  names: Iterable<string>,
  patience?: Patience,
): Promise<ReadonlyMap<string, MachineState>> {
  const read = async (name: string): Promise<readonly (readonly [string, MachineState])[]> => {
    const inside = machines.inside(name);
    if (patience === undefined) return [[name, await readMachine(inside, name)]];
    try {
      const state = await patience.wait((signal) =>
        readMachine((argv, options) => inside(argv, { ...options, signal, timeout: patience.most }), name),
      );
      return [[name, state]];
    } catch {
      // One that does not run has nothing of ours, and gets it when it returns.
      return [];
    }
  };
  const found = await pMap(names, read, { concurrency: AT_ONCE });
  return new Map(found.flat());
}
