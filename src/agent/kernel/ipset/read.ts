import type { Run } from '../../../process/run.js';
import { runBatch } from '../run-batch.js';
import type { IpSetState } from './model.js';
import { parseIpsets } from './parse.js';
import { writeIpsetAdditions, writeIpsetRemovals } from './write.js';

/** Reads our sets with one process. @throws NetmgrError `CommandFailed`. */
export async function readIpsets(run: Run): Promise<IpSetState> {
  const { stdout } = await run(['ipset', 'save']);
  return parseIpsets(stdout);
}

/** Brings what is new, before the rules that use it. One process, or none when nothing is new. */
export async function addIpsets(run: Run, from: IpSetState, to: IpSetState): Promise<void> {
  await runBatch(run, ['ipset', 'restore'], writeIpsetAdditions(from, to));
}

/** Takes what is gone, after the rules that used it. One process, or none when nothing is gone. */
export async function removeIpsets(run: Run, from: IpSetState, to: IpSetState): Promise<void> {
  await runBatch(run, ['ipset', 'restore'], writeIpsetRemovals(from, to));
}
