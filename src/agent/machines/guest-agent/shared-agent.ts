import type { GuestAgent, OpenGuestAgent } from './guest-agent.js';

/** Milliseconds that a way stays open for who comes next: an agent takes 0.1 s to notice that it was left. */
const LINGER = 2000;

/** A way that may close by itself. */
export interface LastingAgent extends GuestAgent {
  readonly isClosed: boolean;
}

/** One way to an agent for all who want it at a time, for a channel that takes one at a time. */
export class SharedAgent {
  #agent: Promise<LastingAgent> | undefined;
  #users = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly connect: () => Promise<LastingAgent>) {}

  readonly open: OpenGuestAgent = async () => {
    clearTimeout(this.#timer);
    this.#users++;
    try {
      const agent = await this.#connected();
      let isOpen = true;
      return {
        ask: (...question) => agent.ask(...question),
        close: () => {
          if (isOpen) this.#leave();
          isOpen = false;
        },
      };
    } catch (error) {
      this.#leave();
      throw error;
    }
  };

  async #connected(): Promise<LastingAgent> {
    const known = this.#agent;
    const agent = await known?.catch(() => undefined);
    if (agent?.isClosed === false) return agent;
    // Of several who find it closed, the first one connects.
    if (this.#agent === known) this.#agent = this.connect();
    return this.#agent ?? this.connect();
  }

  #leave(): void {
    this.#users--;
    if (this.#users > 0) return;
    this.#timer = setTimeout(() => {
      const left = this.#agent;
      this.#agent = undefined;
      left?.then(
        (agent) => {
          agent.close();
        },
        () => undefined,
      );
    }, LINGER);
    this.#timer.unref();
  }
}
