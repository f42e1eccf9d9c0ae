import { Monitor } from './monitor.js';
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
    this.#monitors = [
      monitor(['ip', '-o', 'monitor', 'link'], parseLinkEvent),
      monitor(['tc', 'monitor'], parseTcEvent),
    ];
  }

  /** Fulfils when nothing of it runs any more. */
  async stop(): Promise<void> {
    await Promise.all(this.#monitors.map((monitor) => monitor.stop()));
  }
}
