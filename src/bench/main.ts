import { writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { createRequire } from 'node:module';
import { readOptions } from './options.js';
import { missedOf, tableOf, type BenchResult } from './report.js';
import { runBenches } from './run-benches.js';
import { runMain } from '../process/run-main.js';

// `npm run bench`: measures on this machine, in namespaces of its own, and prints a table.

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

async function main(argv: readonly string[]): Promise<number> {
  const { benches, repeat, json } = readOptions(argv);
  const begun = new Date().toISOString();
  const [processor] = cpus();
  const machine = `${String(cpus().length)} × ${processor?.model ?? 'unknown processor'}`;
  const results: BenchResult[] = [];
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  await runBenches(benches, { repeat, say }, (result) => {
    results.push(result);
    process.stdout.write(`${tableOf(result).join('\n')}\n\n`);
  });
  const missed = missedOf(results);
  if (missed.length > 0)
    process.stdout.write(`Bounds that do not hold:\n${missed.map((line) => `  ${line}\n`).join('')}`);
  if (json !== undefined) {
    const about = { format: 'netmgr-bench-1', begun, netmgr: version, node: process.versions.node };
    const all = { ...about, machine, kernel: release(), repeat, results };
    await writeFile(json, `${JSON.stringify(all, undefined, 2)}\n`);
  }
  return missed.length > 0 || results.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

await runMain(main);
