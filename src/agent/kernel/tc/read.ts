import { NetmgrError } from '../../../errors.js';
import type { Run } from '../../../process/run.js';
import { expectInterfaceName } from '../names.js';
import { batchFailed, failedLines, runBatch } from '../run-batch.js';
import type { TcReading, TcState } from './model.js';
import { parseTc, readLines } from './parse.js';
import { writeTc } from './write.js';

const ARGV = ['tc', '-s', '-r', '-j', '-force', '-batch', '-'] as const;
const ATTEMPTS = 3;

/**
 * Reads what is ours at the given vifs, with one process. A vif that is not there is not in the answer; it
 * costs a second process, because the output does not say which device it is about.
 *
 * @throws NetmgrError `CommandFailed` if tc fails for another reason than a missing device.
 */
export async function readTc(run: Run, vifs: readonly string[]): Promise<TcReading> {
  if (vifs.length === 0) return { devices: new Map(), counters: new Map() };
  let present = vifs.map(expectInterfaceName);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const batch = readLines(present);
    const output = await run(ARGV, { input: batch, accept: [0, 1, 2] });
    const missing = new Set(
      [...output.stderr.matchAll(/Cannot find device "([^"]+)"/g)].map(([, name]) => name),
    );
    if (failedLines(output.stderr).length === 0 && output.exitCode === 0)
      return parseTc(output.stdout, present);
    if (missing.size === 0) throw batchFailed(ARGV, batch, output);
    present = present.filter((vif) => !missing.has(vif));
  }
  throw new NetmgrError({
    kind: 'CommandFailed',
    message: 'interfaces came and went while tc was read',
    hint: 'Try again when the machines of this host have settled.',
  });
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
