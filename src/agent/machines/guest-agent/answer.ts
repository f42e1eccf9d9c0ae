import { recordOf, textOf } from '../../kernel/printed.js';
import { badAnswer, refused } from './agent-errors.js';

/**
 * What an agent's answer to a command returns.
 *
 * @param line JSON: `{"return": …}` or `{"error": {"class": …, "desc": …}}`
 * @throws NetmgrError `CommandFailed` in its words, or if it is neither
 */
export function returnedBy(line: string, machine: string, command: string): unknown {
  const answer = parseAnswer(line);
  if ('return' in answer) return answer['return'];
  if (!('error' in answer)) throw badAnswer(machine, `${command} with something else than the protocol has`);
  const { desc } = recordOf(answer['error']);
  throw refused(machine, command, textOf(desc) || 'it gives no reason');
}

/** The object of a line of JSON; an empty one if it is none. */
export function parseAnswer(line: string): Record<string, unknown> {
  try {
    return recordOf(JSON.parse(line));
  } catch {
    return {};
  }
}
