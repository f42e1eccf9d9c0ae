import { NetmgrError } from '../../../errors.js';
import type { Run } from '../../../process/run.js';
import { expectInterfaceName } from '../names.js';
import { batchFailed, failedLines, runBatch } from '../run-batch.js';
import { ifbName, SINK } from './ifb-name.js';
import type { TcReading, TcState } from './model.js';
import { parseTc, readLines } from './parse.js';
import { writeTc } from './write.js';

const ARGV = ['tc', '-s', '-r', '-j', '-force', '-batch', '-'] as const;
const ATTEMPTS = 3;

/** Up to so many interfaces are asked for one by one: the kernel goes through all qdiscs for each, and tells of all at once. */
const FEW = 4;

/**
 * Reads what is ours at the given vifs, with one process. A vif that is not there is not in the answer; it
 * costs a second process, because the output does not say which device it is about.
 *
 * @param isThere whether there is an interface of a name, as far as is known; without it what few vifs have is read with what all have
 * @throws NetmgrError `CommandFailed` if tc fails for another reason than a missing device.
 */
export async function readTc(
  run: Run,
  vifs: readonly string[],
  isThere?: (name: string) => boolean,
): Promise<TcReading> {
  if (vifs.length === 0) return { devices: new Map(), counters: new Map() };
  const gone = new Set<string | undefined>();
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const present = vifs.map(expectInterfaceName).filter((vif) => !gone.has(vif));
    const devices = isThere && fewDevices(present, (name) => isThere(name) && !gone.has(name));
    const batch = readLines(present, devices);
    const output = await run(ARGV, { input: batch, accept: [0, 1, 2] });
    const missing = new Set(
      [...output.stderr.matchAll(/Cannot find device "([^"]+)"/g)].map(([, name]) => name),
    );
    if (failedLines(output.stderr).length === 0 && output.exitCode === 0)
      return parseTc(output.stdout, present, devices);
    if (missing.size === 0) throw batchFailed(ARGV, batch, output);
    for (const name of missing) gone.add(name);
  }
  throw new NetmgrError({
    kind: 'CommandFailed',
    message: 'interfaces came and went while tc was read',
    hint: 'Try again when the machines of this host have settled.',
  });
}

/** The vifs with their IFBs; undefined if these are many. */
function fewDevices(vifs: readonly string[], isThere: (name: string) => boolean): string[] | undefined {
  if (vifs.length > FEW) return undefined;
  const devices = [...vifs, ...[...vifs, SINK].map(ifbName).filter(isThere)];
  return devices.length > FEW ? undefined : devices;
}

/**
 * Brings the kernel from one state to another with one process, or none when nothing differs.
 *
 * @param onInput hears which share of it is under way since
 */
export async function applyTc(
  run: Run,
  from: TcState,
  to: TcState,
  onInput?: (share: number) => void,
): Promise<void> {
  await runBatch(run, ['tc', '-batch', '-'], writeTc(from, to), undefined, onInput);
}
