import { InterfaceNames } from './interface-names.js';
import { Monitor } from './monitor.js';
import { RTMGRP_LINK, RTMGRP_TC } from './netlink-sockets.js';
import { parseLinkEvent, parseTcEvent, type KernelEvent } from './parse-event.js';

export interface KernelMonitorOptions {
  /** The mark by which the agent's next life finds what this one may leave running. */
  readonly env: Readonly<Record<string, string>>;
  readonly onEvent: (event: KernelEvent) => void;
  /** Events may have been lost. */
  readonly onGap: () => void;
  readonly onTrouble: (reason: string) => void;
}

/**
 * What the kernel tells of the interfaces of this network namespace and of their qdiscs, classes and filters. It tells
 * nothing of rules and sets, and nothing of other namespaces. `bridge monitor link` would say what `ip monitor link`
 * says, for the bridge tells both; what else it knows (learnt addresses) is traffic, not configuration.
 */
export class KernelMonitor {
  readonly #monitors: readonly Monitor[];
  readonly #tc: Monitor;
  readonly #names = new InterfaceNames();
  #isStopped = false;
  #restart: Promise<void> | undefined;

  constructor({ env, onEvent, onGap, onTrouble }: KernelMonitorOptions) {
    const common = { env, onGap, onTrouble };
    const links = new Monitor({
      ...common,
      argv: ['ip', '-o', 'monitor', 'link'],
      groups: RTMGRP_LINK,
      onLine: (line) => {
        const event = parseLinkEvent(line);
        if (event === undefined) return;
        if (event.gone) this.#names.forget(event.index);
        // It would say of the new name's qdiscs that they are the old one's.
        else if (this.#names.isRenamed(event.index, event.device)) this.#beginTcAnew();
        onEvent(event);
      },
    });
    this.#names.learn();
    this.#tc = new Monitor({
      ...common,
      argv: ['tc', 'monitor'],
      groups: RTMGRP_TC,
      onLine: (line) => {
        const event = parseTcEvent(line);
        if (event !== undefined) onEvent(event);
        // Of actions it is told without an interface; what belongs to the line before is indented.
        else if (/^\S/.test(line)) onGap();
      },
    });
    this.#monitors = [links, this.#tc];
  }

  /** Whether all that the kernel tells is heard from now on. */
  get isListening(): boolean {
    return this.#restart === undefined && this.#monitors.every((monitor) => monitor.isListening);
  }

  /** Whether there is going to be a gap within moments, as it begins to listen. */
  get isBeginning(): boolean {
    return this.#monitors.some((monitor) => monitor.isBeginning);
  }

  /**
   * Does not listen to what is told of qdiscs, classes and filters while so many are written that the kernel would be busy telling.
   * What happens meanwhile is a gap.
   */
  async withoutTc<T>(work: () => Promise<T>): Promise<T> {
    await this.#tc.stop();
    try {
      return await work();
    } finally {
      this.#resumeTc();
    }
  }

  #resumeTc(): void {
    if (this.#isStopped) return;
    this.#names.learn();
    this.#tc.resume();
  }

  #beginTcAnew(): void {
    this.#restart ??= this.#tc.stop().then(() => {
      this.#restart = undefined;
      this.#resumeTc();
    });
  }

  /** Fulfils when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#restart;
    await Promise.all(this.#monitors.map((monitor) => monitor.stop()));
  }
}
