import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { NetmgrError } from '../../errors.js';
import { startAttached, type AttachedProcess } from '../../process/start-attached.js';
import type { Plan } from '../plan.js';
import { applyFile } from './stage.js';
import type { Teller } from './teller.js';

const MAIN = fileURLToPath(new URL('courier-main.js', import.meta.url));
const OCTETS = 1_000_000;
/** A user's machine in site 1, and its proxy. */
const USER = 'vmgrid101';
const HOME_PROXY = { machine: 'vmgridpeer1', address: '10.1.0.1' };
/** The nodes of the other sites that get the tasks in turn, each with its site's proxy. */
const WAYS = [
  { machine: 'vmgrid201', address: '10.2.0.101', proxy: { machine: 'vmgridpeer2', address: '10.2.0.1' } },
  { machine: 'vmgrid301', address: '10.3.0.101', proxy: { machine: 'vmgridpeer3', address: '10.3.0.1' } },
  { machine: 'vmgrid206', address: '10.2.0.106', proxy: { machine: 'vmgridpeer2', address: '10.2.0.1' } },
  { machine: 'vmgrid308', address: '10.3.0.108', proxy: { machine: 'vmgridpeer3', address: '10.3.0.1' } },
] as const;
const SECONDS_A_TASK = 120;

const taskLine = z.tuple([z.number(), z.number(), z.number(), z.boolean()]);

/** The paper's job: files to nodes of other sites and back through the proxies, one after the other. */
export async function measureTable2(
  real: string,
  virtualOf: (rate: number) => string,
  plan: Plan,
  teller: Teller,
): Promise<void> {
  const machines = new Set([HOME_PROXY.machine, ...WAYS.flatMap((way) => [way.machine, way.proxy.machine])]);
  const couriers = [...machines].map(startCourier);
  try {
    await Promise.all(couriers.map(({ ready }) => ready));
    for (const { rate, tasks } of plan.table2) {
      await applyFile(real, virtualOf(rate));
      await doTasks(rate, tasks, teller);
    }
  } finally {
    for (const { process } of couriers) process.streams[0]?.end();
    await Promise.all(couriers.map(({ process }) => process.ended));
  }
}

function startCourier(machine: string): { process: AttachedProcess; ready: Promise<void> } {
  const process = start(machine, ['serve'], 'pipe');
  process.streams[0]?.on('error', () => undefined);
  const ready = new Promise<void>((resolve, reject) => {
    process.streams[1]?.once('data', () => resolve());
    void process.ended.then(() => reject(failure(machine, 'the courier ended')));
  });
  return { process, ready };
}

async function doTasks(rate: number, count: number, teller: Teller): Promise<void> {
  const ways = WAYS.map(({ address, proxy }) => [HOME_PROXY.address, proxy.address, address].join(','));
  const user = start(USER, ['tasks', String(count), String(OCTETS), ...ways], 'ignore');
  const timer = setTimeout(() => user.kill('SIGKILL'), SECONDS_A_TASK * 1000 * count);
  const lines = user.streams[1];
  if (lines !== null && lines !== undefined) {
    for await (const line of createInterface({ input: lines })) {
      const [number, sending, receiving, intact] = taskLine.parse(JSON.parse(line));
      const node = WAYS[(number - 1) % WAYS.length]?.machine ?? '';
      teller.sample({ kind: 'task', rate, number, node, octets: OCTETS, sending, receiving, intact });
    }
  }
  const { exitCode } = await user.ended;
  clearTimeout(timer);
  if (exitCode !== 0) throw failure(USER, 'a task failed or took too long');
}

function start(machine: string, args: readonly string[], stdin: 'pipe' | 'ignore'): AttachedProcess {
  return startAttached(['ip', 'netns', 'exec', machine, process.execPath, MAIN, ...args], {
    stdio: [stdin, 'pipe', 'inherit'],
  });
}

function failure(subject: string, message: string): NetmgrError {
  return new NetmgrError({ kind: 'CommandFailed', message, subject });
}
