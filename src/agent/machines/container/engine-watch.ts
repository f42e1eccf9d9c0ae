import { Monitor } from '../../kernel/monitor/monitor.js';
import type { MachineWatch } from '../machine-driver.js';
import type { Engine } from './engine.js';

/** Listens to what engines tell of their containers, each with a process that is kept running. */
export class EngineWatch implements MachineWatch {
  readonly #monitors: readonly Monitor[];

  /** @param env of the processes */
  constructor(engines: readonly Engine[], onChange: () => void, env: Readonly<Record<string, string>>) {
    this.#monitors = engines.flatMap(({ events }) =>
      events === undefined
        ? []
        : new Monitor({
            ...{ argv: events.argv, env },
            onLine: (line) => {
              if (events.isNews(line)) onChange();
            },
            // What was missed is looked for; the kernel tells of interfaces meanwhile.
            onGap: onChange,
            onTrouble: () => undefined,
          }),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.#monitors.map((monitor) => monitor.stop()));
  }
}
