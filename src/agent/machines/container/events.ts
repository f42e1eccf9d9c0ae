import { recordOf, textOf } from '../../kernel/printed.js';

/** What changes which containers there are, how they are called, and what they are connected with. */
const NEWS: ReadonlySet<string> = new Set([
  ...['start', 'restart', 'die', 'died', 'stop', 'pause', 'unpause', 'rename', 'connect', 'disconnect'],
]);

/**
 * Whether a line of `podman events` or `docker events`, as JSON, is about a container that came, went or changed. Commands run
 * inside and checks of health, of which there are many, change nothing.
 */
export function isNews(line: string): boolean {
  try {
    const record = recordOf(JSON.parse(line));
    return NEWS.has(textOf(record['Status'])) || NEWS.has(textOf(record['Action']));
  } catch {
    return false;
  }
}
