import { join } from 'node:path';
import { failuresOf } from '../errors.js';
import { run } from '../process/run.js';
import { BitRate } from '../units/bit-rate.js';
import type { Experiment } from './experiments.js';
import { measureBandwidth } from './measure/measure-bandwidth.js';
import { measureJitter } from './measure/measure-jitter.js';
import { measureLatency } from './measure/measure-latency.js';
import { measureLoss } from './measure/measure-loss.js';
import { measureTable2 } from './measure/measure-table2.js';
import { quietAgents } from './measure/quiet-agents.js';
import { Teller } from './measure/teller.js';
import type { Order } from './order.js';

// The part of the evaluation that runs in a lab: `inside ORDER`. Tells what it measures in lines of JSON.

/** Octets that may wait in a socket: what arrives while a program waits for the one CPU of such a kernel needs room. */
const UML_SOCKET_BUFFER = 1 << 24;

const order = JSON.parse(process.argv[2] ?? '') as Order;
const { plan, real } = order;
const teller = new Teller((line) => process.stdout.write(line));

const MEASURE: Readonly<Record<Experiment, () => Promise<void>>> = {
  bandwidth: () => measureBandwidth(real, plan, teller),
  latency: () => measureLatency(real, plan, teller),
  table2: () => measureTable2(real, table2File, plan, teller),
  jitter: () => measureJitter(real, plan, teller),
  loss: () => measureLoss(real, plan, teller),
};

function table2File(rate: number): string {
  return join(order.virtualDirectory, `grid-table2-${BitRate.ofBitsPerSecond(rate).toString()}.xml`);
}

// A User-Mode Linux kernel is the lab's own, and ends with it; that of this machine is not changed.
if (order.kernel === 'uml') {
  const names = ['rmem_max', 'rmem_default', 'wmem_max'];
  await run(['sysctl', '-qw', ...names.map((name) => `net.core.${name}=${String(UML_SOCKET_BUFFER)}`)]);
}
await quietAgents(order.hosts);
const { stdout } = await run(['uname', '-r']);
teller.tell({ type: 'kernel', release: stdout.trim() });
for (const experiment of order.experiments) {
  teller.tell({ type: 'begun', experiment });
  const begun = performance.now();
  try {
    await MEASURE[experiment]();
    teller.tell({ type: 'ended', experiment, seconds: (performance.now() - begun) / 1000 });
  } catch (error) {
    // What the others measure tells something all the same.
    const message = failuresOf(error)
      .map((failure) => `${failure.subject === undefined ? '' : `${failure.subject}: `}${failure.message}`)
      .join('; ')
      .replace(/\s*\n\s*/g, ' · ');
    teller.tell({ type: 'failed', experiment, message });
  }
}
