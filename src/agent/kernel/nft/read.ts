import type { Run } from '../../../process/run.js';
import type { RuleCount } from '../rule-count.js';
import { batchFailed, runBatch } from '../run-batch.js';
import type { NftReading, NftTable } from './model.js';
import { parseNft, parseNftCounts } from './parse.js';
import { writeNft } from './write.js';

const LIST = ['nft', 'list', 'table', 'bridge', 'netmgr'] as const;

/** Reads our table and its counts with one process. @throws NetmgrError `CommandFailed`. */
export async function readNft(run: Run): Promise<NftReading> {
  const listed = await list(run);
  return listed === undefined ? { table: undefined, drops: { guard: 0n, flood: 0n } } : parseNft(listed);
}

/** Reads what the rules of our table have matched, with one process. @throws NetmgrError `CommandFailed`. */
export async function readNftCounts(run: Run): Promise<RuleCount[]> {
  return parseNftCounts((await list(run)) ?? '');
}

/** Undefined if there is no table of ours. */
async function list(run: Run): Promise<string | undefined> {
  const output = await run(LIST, { accept: [0, 1] });
  if (output.exitCode === 0) return output.stdout;
  if (output.stderr.includes('No such file or directory')) return undefined;
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
