import { boundsOf } from './findings/bounds.js';
import { readOptions } from './options.js';
import { writeReport } from './report/write-report.js';
import { readResults, type Results } from './results.js';
import { runEvaluation } from './run-evaluation.js';
import { runMain } from '../process/run-main.js';

// `npm run evaluation`: measures in labs of its own, and writes a report.

async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  const say = (line: string): void => {
    (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  };
  let results: Results;
  if (options.from === undefined) {
    results = await runEvaluation(options, say);
  } else {
    results = await readResults(options.from);
  }
  const page = await writeReport(results, options.out);
  const bounds = boundsOf(results.samples);
  const failures = results.parts.filter(({ failure }) => failure !== undefined);
  const good = failures.length === 0 && bounds.length > 0 && bounds.every(({ held }) => held);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ok: good, report: page, bounds, failures }, undefined, 2)}\n`);
    return good ? 0 : 1;
  }
  say('\nBounds');
  for (const { claim, worst, held } of bounds)
    say(`  ${held ? 'held  ' : 'MISSED'} ${claim}\n           ${worst}`);
  for (const { experiment, failure } of failures) say(`  FAILED ${experiment}: ${failure ?? ''}`);
  say(
    `\n${String(bounds.filter(({ held }) => held).length)} of ${String(bounds.length)} bounds held; ${page}`,
  );
  return good ? 0 : 1;
}

await runMain(main);
