import type { Run } from '../../../process/run.js';
import { batchFailed, runBatch } from '../run-batch.js';
import type { NftReading, NftTable } from './model.js';
import { parseNft } from './parse.js';
import { writeNft } from './write.js';

const LIST = ['nft', 'list', 'table', 'bridge', 'netmgr'] as const;

/** Reads our table and its counts with one process. @throws NetmgrError `CommandFailed`. */
export async function readNft(run: Run): Promise<NftReading> {
  const output = await run(LIST, { accept: [0, 1] });
  if (output.exitCode === 0) return parseNft(output.stdout);
  if (output.stderr.includes('No such file or directory')) {
    return { table: undefined, drops: { guard: 0n, flood: 0n } };
  }
  throw batchFailed(LIST, '', output);
}

/** Replaces our table in one transaction, or does nothing when nothing differs. */
export async function applyNft(
  run: Run,
  from: NftTable | undefined,
  to: NftTable | undefined,
): Promise<void> {
  await runBatch(run, ['nft', '-f', '-'], writeNft(from, to));
}
