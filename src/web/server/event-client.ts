/** Where the events of one client go: its response. */
export interface EventSink {
  /** @returns false if it is full */
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/** One event of a stream (HTML Standard, section 9.2); the data is on one line. */
export function eventText(event: string, data: string): string {
  return `event: ${event}\ndata: ${data}\n\n`;
}

/**
 * Sends states to one client. One that reads slowly gets the newest as soon as it can take one, and never those between: there is
 * at most one under way and one that waits.
 */
export class EventClient {
  #isFull = false;
  #waiting: string | undefined;

  constructor(private readonly sink: EventSink) {}

  send(text: string): void {
    if (this.#isFull) {
      this.#waiting = text;
      return;
    }
    if (this.sink.write(text)) return;
    this.#isFull = true;
    this.sink.once('drain', () => {
      this.#isFull = false;
      const newest = this.#waiting;
      this.#waiting = undefined;
      if (newest !== undefined) this.send(newest);
    });
  }
}
