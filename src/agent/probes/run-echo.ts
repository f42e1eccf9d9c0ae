import type { Run } from '../../process/run.js';
import { expectInterfaceName } from '../kernel/names.js';
import type { EchoGroup, EchoPart } from './echo-groups.js';
import { asOnLink } from './on-link.js';
import { parseFping } from './parse-fping.js';
import { endOfAll } from './probe-request.js';

/** Milliseconds between two packets to different targets. */
const GAP = 1;
/** Milliseconds that fping may take beyond what it was told to wait. */
const SLACK = 60_000;

/**
 * Asks all targets of a group with one fping(8), each packet at its own time, and leaves what it says in the requests.
 *
 * @param run runs commands inside the machine, which has the ways that the group needs
 * @param device the machine's, needed unless its routes show the way
 * @throws NetmgrError `CommandFailed` in fping's words
 */
export async function runEcho(run: Run, { parts }: EchoGroup, device: string | undefined): Promise<void> {
  const targets = new Map(
    parts.flatMap((part) =>
      part.requests.map((request) => [request, targetOf(request.row.target, part, device)] as const),
    ),
  );
  const times = await fping(run, parts, [...new Set(targets.values())]);
  for (const [request, target] of targets) {
    const answers = times.get(target) ?? [];
    request.done({
      sent: request.row.count,
      received: answers.length,
      ...(answers.length === 0
        ? {}
        : {
            rttMin: Math.min(...answers),
            rttAvg: Math.round(answers.reduce((sum, time) => sum + time, 0) / answers.length),
            rttMax: Math.max(...answers),
          }),
    });
  }
}

async function fping(
  run: Run,
  parts: EchoGroup['parts'],
  targets: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const [{ requests, version }] = parts;
  const { count, interval, timeout, size } = requests[0].row;
  const command = [
    'fping',
    ...(parts.length === 1 ? [`-${String(version)}`] : []),
    ...['-q', '-C', String(count), '-p', String(interval)],
    // Whole or not at all (-M), so that the size tells what passes.
    ...['-t', String(timeout), '-M', '-b', String(size), '-i', String(GAP)],
    // One for each IP version.
    ...parts.flatMap(({ source }) => (source === undefined ? [] : ['-S', source])),
    ...['-f', '-'],
  ] as const;
  const isOnLink = parts.some(({ way }) => way === 'onLink');
  const { stderr } = await run(isOnLink ? asOnLink(command) : command, {
    input: targets.map((target) => `${target}\n`).join(''),
    // 1: some did not answer.
    accept: [0, 1],
    timeout: count * Math.max(interval, GAP * targets.length) + timeout + SLACK,
    signal: endOfAll(parts.flatMap((part) => part.requests)),
  });
  return parseFping(stderr, targets, count);
}

function targetOf(target: string, { way }: EchoPart, device = ''): string {
  return way === 'linkLocal' ? `${target}%${expectInterfaceName(device)}` : target;
}
