import { setTimeout as sleep } from 'node:timers/promises';
import type { Link } from '../../src/agent/kernel/ip/links.js';
import type { MachineDriver } from '../../src/agent/machines/machine-driver.js';
import type { Run } from '../../src/process/run.js';

/** A machine that a driver is to find. */
export interface FixtureMachine {
  readonly name: string;
  /** Of its one interface, eth0, at the machine's end. */
  readonly mac: string;
  /** What else the driver says that it goes by. */
  readonly aliases: readonly string[];
}

/** Two machines at one bridge, and what a driver must be told to find them. */
export interface MachineFixture {
  readonly driver: MachineDriver;
  readonly machines: readonly [FixtureMachine, FixtureMachine];
  /** The bridge that their interfaces belong to. */
  readonly bridge: string;
  /** What the error says that is about a machine that is not there. */
  readonly absent: RegExp;
  /** The interfaces of their host. */
  links(): Promise<Link[]>;
  /** Starts a machine that does not run; fulfils when commands can be run inside. */
  start(machine: FixtureMachine): Promise<void>;
  /** Ends a machine; fulfils when it is gone. */
  stop(machine: FixtureMachine): Promise<void>;
  /** Takes everything away. */
  close(): Promise<void>;
}

/** Milliseconds: a guest under software emulation comes up in 5 s, where nothing else runs. */
const READY_TIMEOUT = 90_000;
const PAUSE = 250;

/** Fulfils when commands can be run inside. @throws what the last of them failed with */
export async function untilReady(inside: Run): Promise<void> {
  await until('the machine is up', async () => {
    await inside(['true']);
    return true;
  });
}

/** Tries until it is true. @throws Error if it never was, with what was thrown last */
export async function until(
  what: string,
  isTrue: () => Promise<boolean> | boolean,
  timeout = READY_TIMEOUT,
): Promise<void> {
  const deadline = performance.now() + timeout;
  for (;;) {
    let last: unknown;
    try {
      if (await isTrue()) return;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline)
      throw new Error(`not so after ${String(timeout)} ms: ${what}`, { cause: last });
    await sleep(PAUSE);
  }
}
