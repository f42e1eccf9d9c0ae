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
  readonly #groups: readonly (readonly [Monitor, number])[];
  readonly #tc: Monitor;
  #isStopped = false;

  constructor({ env, onEvent, onGap, onTrouble }: KernelMonitorOptions) {
    const monitor = (
      argv: readonly [string, ...string[]],
      parse: (line: string) => KernelEvent | undefined,
    ): Monitor =>
      new Monitor({
        argv,
        env,
        onLine: (line) => {
          const event = parse(line);
          if (event !== undefined) onEvent(event);
        },
        onGap,
        onTrouble,
      });
    const links = monitor(['ip', '-o', 'monitor', 'link'], parseLinkEvent);
    const tc = monitor(['tc', 'monitor'], parseTcEvent);
    this.#monitors = [links, tc];
    this.#tc = tc;
    this.#groups = [
      [links, RTMGRP_LINK],
      [tc, RTMGRP_TC],
    ];
  }

  /** Whether all that the kernel tells is heard from now on. */
  get isListening(): boolean {
    return this.#groups.every(([monitor, group]) => monitor.isListeningTo(group));
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
      if (!this.#isStopped) this.#tc.resume();
    }
  }

  /** Fulfils when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#monitors.map((monitor) => monitor.stop()));
  }
}
