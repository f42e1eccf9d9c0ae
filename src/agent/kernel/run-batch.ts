import { NetmgrError } from '../../errors.js';
import type { CommandOutput, Run } from '../../process/run.js';

/** How the tools name the line that failed: tc and ip, ipset, iptables-restore (twice), nft. */
const FAILED_LINE =
  /Command failed -:(\d+)|Error in line (\d+)|Error occurred at line: (\d+)|line (\d+) failed|\/dev\/stdin:(\d+):/;

/** A batch may take longer than one command: 20,000 lines of tc take 4 s on a slow kernel. */
const TIMEOUT = 120_000;

/**
 * Runs one command that reads a batch of lines. Nothing runs for an empty batch.
 *
 * @param onInput hears which share of the batch the command has taken since
 * @throws NetmgrError `CommandFailed` with the tool's own words and the line that failed.
 */
export async function runBatch(
  run: Run,
  argv: readonly [string, ...string[]],
  batch: string,
  subject?: string,
  onInput?: (share: number) => void,
): Promise<CommandOutput> {
  if (batch === '') return { stdout: '', stderr: '', exitCode: 0 };
  const output = await run(argv, {
    input: batch,
    timeout: TIMEOUT,
    accept: [0, 1, 2, 3, 4, 111],
    ...(subject === undefined ? {} : { subject }),
    onInput,
  });
  if (output.exitCode === 0) return output;
  throw batchFailed(argv, batch, output, subject);
}

/** The error of a batch that ended with a failure. */
export function batchFailed(
  argv: readonly [string, ...string[]],
  batch: string,
  output: CommandOutput,
  subject?: string,
): NetmgrError {
  const words = output.stderr.trim() || output.stdout.trim();
  const number = FAILED_LINE.exec(words)
    ?.slice(1)
    .find((group: string | undefined) => group !== undefined);
  const line = number === undefined ? undefined : batch.split('\n')[Number(number) - 1];
  const said = words
    .split('\n')
    .filter((text) => !/^(Command failed -:\d+|Try `.*|\s*\^+\s*|)$/.test(text))
    .slice(0, 3)
    .map((text) => text.trim())
    .join(' ');
  const message = said || `${argv[0]} ended with exit code ${String(output.exitCode)}`;
  return new NetmgrError({
    kind: 'CommandFailed',
    message: line === undefined ? message : `${message} (line ${String(number)}: ${line.trim()})`,
    subject,
    cause: new Error(`${argv.join(' ')}: exit code ${String(output.exitCode)}: ${words}`),
  });
}

/** The lines, from 1, of which ip(8) or tc(8) says that they failed, where it was to go on with the others (`-force`). */
export function failedLines(stderr: string): number[] {
  return [...stderr.matchAll(/Command failed -:(\d+)/g)].map(([, number]) => Number(number));
}
