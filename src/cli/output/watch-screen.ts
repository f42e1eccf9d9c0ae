import { createLogUpdate } from 'log-update';
import type { HostNews, NewsSettings } from '../../manager/receive-news.js';
import type { NetworkState } from '../../manager/monitor/network-state.js';
import { newsJson, newsText } from './news-text.js';
import { withoutControls } from './report-errors.js';
import { formatTable } from './table.js';
import { watchJson, watchText, type WatchedNews } from './watch-text.js';

/** Of an output that is no terminal. */
const LINES = 40;
/** The last notifications, that stay on a terminal. */
const SHOWN_NEWS = 5;

const MOST_REASONS = 20;

/** Where states and notifications are shown as they come. */
export interface WatchScreen {
  readonly newsListener: Pick<NewsSettings, 'onNews' | 'onRefused'>;
  show(state: NetworkState): void;
  /** Leaves what is shown. */
  close(): void;
}

/** A terminal is drawn anew; anything else gets line after line. @param listens whether notifications are received */
export function openWatchScreen(json: boolean, listens: boolean): WatchScreen {
  const { stdout, stderr } = process;
  // A terminal without a size, such as expect makes, cannot be drawn on.
  const isDrawn = stdout.isTTY && stdout.columns > 0 && stdout.rows > 0 && !json;
  const draw = createLogUpdate(stdout);
  const lines: string[] = [];
  let refused = 0;
  const reasons = new Set<string>();
  let last: NetworkState | undefined;
  const show = (state: NetworkState): void => {
    last = state;
    if (json) stdout.write(`${watchJson(state)}\n`);
    else if (isDrawn) draw(watchText(state, stdout.rows, formatTable, news()));
    else stdout.write(`${watchText(state, LINES, formatTable)}\n\n`);
  };
  const news = (): WatchedNews | undefined =>
    listens ? { lines, refused, lastRefusal: [...reasons].at(-1) } : undefined;
  return {
    newsListener: {
      onNews: (received: HostNews) => {
        const line = newsText(received);
        lines.push(line);
        if (lines.length > SHOWN_NEWS) lines.shift();
        if (json) stdout.write(`${newsJson(received)}\n`);
        else if (!isDrawn) stdout.write(`* ${line}\n\n`);
        else if (last !== undefined) show(last);
      },
      onRefused: (source, reason) => {
        refused += 1;
        const words = withoutControls(`${source}: ${reason}`);
        // Each once is enough, and not without end: whoever may send there may send much.
        if (reasons.has(words) || reasons.size === MOST_REASONS) return;
        reasons.add(words);
        if (!isDrawn) stderr.write(`refused a notification of ${words}\n`);
        else if (last !== undefined) show(last);
      },
    },
    show,
    close: () => {
      if (isDrawn) draw.done();
    },
  };
}
