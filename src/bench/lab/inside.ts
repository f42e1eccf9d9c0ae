import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { startAttached } from '../../process/start-attached.js';
import type { LabOrder, LabOutcome, Step } from './step.js';

// The part of a bench that runs in a lab: `inside ORDER-FILE`.

const [, , file = ''] = process.argv;
const { steps, outcome } = JSON.parse(readFileSync(file, 'utf8')) as LabOrder;
const words = `${outcome}.stderr`;

/** Runs a command by files alone: a pipe through this program would cost both sides time. */
async function timed({ argv, stdin, stdout, accept = [0] }: Step): Promise<number> {
  const input = openSync(stdin ?? '/dev/null', 'r');
  const output = openSync(stdout ?? '/dev/null', 'w');
  const errors = openSync(words, 'w');
  const begun = performance.now();
  const { exitCode, signal, notStarted } = await startAttached(argv, { stdio: [input, output, errors] })
    .ended;
  const seconds = (performance.now() - begun) / 1000;
  for (const descriptor of [input, output, errors]) closeSync(descriptor);
  if (exitCode !== undefined && accept.includes(exitCode)) return seconds;
  // With --json errors are in the output.
  const told = [words, ...(stdout === undefined ? [] : [stdout])]
    .map((file) => readFileSync(file, 'utf8').slice(-1000))
    .join('\n');
  const how = notStarted ?? signal ?? `exit code ${String(exitCode)}`;
  throw new Error(`${argv.join(' ')}: ${how}: ${told.trim()}`);
}

const seconds: number[] = [];
let failure: string | undefined;
try {
  for (const step of steps) seconds.push(await timed(step));
} catch (error) {
  failure = error instanceof Error ? error.message : String(error);
}
rmSync(words, { force: true });
writeFileSync(
  outcome,
  JSON.stringify({ seconds, ...(failure === undefined ? {} : { failure }) } satisfies LabOutcome),
);
