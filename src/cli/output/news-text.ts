import type { News } from '../../mib/notifications.js';
import type { HostNews } from '../../manager/receive-news.js';
import { withoutControls } from './report-errors.js';

/** The digits of a digest that people tell it by. */
const SOME_DIGITS = 8;

/** A notification on one line. */
export function newsText({ time, source, host, news }: HostNews): string {
  const when = time.toISOString().slice(11, 19);
  return withoutControls(`${when} ${host ?? source}: ${saying(news)}`);
}

function saying(news: News): string {
  switch (news.name) {
    case 'commitDone': {
      const what = news.runningLabel === '' ? 'nothing' : news.runningLabel;
      const digest = Buffer.from(news.runningDigest).toString('hex').slice(0, SOME_DIGITS);
      return `runs ${what} now (generation ${String(news.generation)}, ${digest})${by(news.owner)}`;
    }
    case 'commitFailed': {
      const others = news.errorCount > 1 ? ` and ${String(news.errorCount - 1)} more` : '';
      return `${news.label || 'a commit'} failed: ${news.resultText || news.result}${others}${by(news.owner)}`;
    }
    case 'driftDetected':
      return `drift: the kernel differs in ${places(news.driftCount)} from generation ${String(news.generation)}`;
    case 'driftCleared':
      return 'drift is over: the kernel is as it should be';
    case 'vifFailed':
      return `vif ${news.vif} is ${news.oper}${news.lastError === '' ? '' : `: ${news.lastError}`}`;
  }
}

/** What makes a session's name its own says nothing to people. */
const by = (owner: string): string => (owner === '' ? '' : `, by ${owner.replace(/ [0-9a-f]{12}$/, '')}`);
const places = (count: number): string => (count === 1 ? '1 place' : `${String(count)} places`);

/** The same as a line of JSON: `notification` is its name in the MIB, without `netemu`. */
export function newsJson({ time, source, host, news: { name, ...values } }: HostNews): string {
  const plain = Object.entries(values).map(([key, value]) => [
    key,
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  ]);
  return JSON.stringify({
    ...{ time: time.toISOString(), host, source, notification: name },
    ...{ values: Object.fromEntries(plain) as Record<string, unknown> },
  });
}
