import { NetmgrError } from '../../errors.js';

const TIME = /^(?:[0-9]+(?:\.[0-9]+)?|[0-9]\.[0-9]+e[+-][0-9]+)$/;
const MICROSECONDS = 1000;

/**
 * What `fping -q -C count` says of each target (fping(8)): `10.2.0.1 : 40.1 40.2 -`, milliseconds with three significant
 * digits for each packet, or nothing that came in time.
 *
 * @param targets as fping was told them, each once
 * @returns microseconds of each answer, by target
 * @throws NetmgrError `CommandFailed` unless there is one such line for each target; other words are the message then
 */
export function parseFping(
  output: string,
  targets: readonly string[],
  count: number,
): ReadonlyMap<string, readonly number[]> {
  const asked = new Set(targets);
  const times = new Map<string, readonly number[]>();
  const others: string[] = [];
  for (const line of output.split('\n').filter((text) => text.trim() !== '')) {
    const [, target = '', list = ''] = /^(\S+) +: (.+)$/.exec(line) ?? [];
    const values = list.split(' ');
    const fits = values.length === count && values.every((value) => value === '-' || TIME.test(value));
    if (!asked.has(target) || times.has(target) || !fits) {
      others.push(line);
      continue;
    }
    const answers = values.filter((value) => value !== '-');
    times.set(
      target,
      answers.map((value) => Math.round(Number(value) * MICROSECONDS)),
    );
  }
  const missing = targets.find((target) => !times.has(target));
  if (missing === undefined) return times;
  throw new NetmgrError({
    kind: 'CommandFailed',
    message: others.length > 0 ? others.join('; ') : `fping says nothing of ${missing}`,
  });
}
