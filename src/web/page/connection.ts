import type { DetailsView } from '../wire/details-view.js';
import type { NetworkMap } from '../wire/network-map.js';
import type { NetworkView } from '../wire/network-view.js';

/** Milliseconds after which another connection is tried. */
const RETRY = 2000;
/** Milliseconds after which a server that tells nothing is lost, however short its interval is. */
const LONGEST_SILENCE = 10_000;
const HTTP_UNAUTHORIZED = 401;

export interface Listener {
  onMap(map: NetworkMap): void;
  onView(view: NetworkView): void;
  /** The server is lost, and why; undefined: it is there again. */
  onLost(why: string | undefined): void;
}

/** Listens to the server for as long as the page is open, and comes back to one that is there again. */
export class Connection {
  #events: EventSource | undefined;
  #silence: number | undefined;
  #interval = 0;

  constructor(private readonly listener: Listener) {
    this.#connect();
  }

  /** Undefined if there is nothing like that. @throws Error if the server cannot be asked */
  async details(id: string): Promise<DetailsView | undefined> {
    const response = await fetch(`/api/details?of=${encodeURIComponent(id)}`);
    return response.ok ? ((await response.json()) as DetailsView) : undefined;
  }

  #connect(): void {
    const events = new EventSource('/api/events');
    this.#events = events;
    events.addEventListener('map', ({ data }) => {
      this.listener.onLost(undefined);
      this.listener.onMap(JSON.parse(String(data)) as NetworkMap);
      this.#watch();
    });
    events.addEventListener('view', ({ data }) => {
      const view = JSON.parse(String(data)) as NetworkView;
      this.#interval = view.interval;
      this.listener.onLost(undefined);
      this.listener.onView(view);
      this.#watch();
    });
    events.addEventListener('error', () => {
      this.listener.onLost('The connection to netmgr serve is lost.');
      if (events.readyState === EventSource.CLOSED) void this.#comeBack();
    });
  }

  /** A connection may end without a word. Before the first state there may be nothing to tell for long. */
  #watch(): void {
    clearTimeout(this.#silence);
    if (this.#interval === 0) return;
    this.#silence = setTimeout(
      () => {
        this.listener.onLost('netmgr serve does not say anything any more.');
        void this.#comeBack();
      },
      Math.max(LONGEST_SILENCE, 3 * this.#interval),
    );
  }

  async #comeBack(): Promise<void> {
    this.#events?.close();
    clearTimeout(this.#silence);
    const status = await fetch('/api/state').then(
      (response) => response.status,
      () => undefined,
    );
    if (status === HTTP_UNAUTHORIZED) {
      this.listener.onLost('netmgr serve asks for its token: open this page with ?token=… once more.');
    }
    setTimeout(() => this.#connect(), RETRY);
  }
}
