import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Answers, Managed, Order, Ran } from './order.js';

// The command of a test's lab: does what the test wants done inside, one order per line. It uses what was built, as
// the lab's agents do, and loads no more than an order needs.

const built = <T>(path: string): Promise<T> =>
  import(new URL(`../../dist/${path}`, import.meta.url).href) as Promise<T>;

const { run } = await built<typeof import('../../src/process/run.js')>('process/run.js');
const { failuresOf, messageOf } = await built<typeof import('../../src/errors.js')>('errors.js');

/** Milliseconds: a manager whose host is lost in the middle waits for more than a minute before it gives up. */
const LONGEST_COMMAND = 240_000;

const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);

function runAny({ argv, input = '', env = {} }: Extract<Order, { type: 'run' }>): Promise<Ran> {
  return run(argv, { input, env, accept: ANY_EXIT_CODE, timeout: LONGEST_COMMAND });
}

async function manage({
  verb,
  real,
  virtual,
  interruptAt,
  expectsChange = false,
}: Extract<Order, { type: 'manage' }>): Promise<Managed> {
  const interruption = new AbortController();
  const onStep = (_host: string, step: string): void => {
    if (step === interruptAt) interruption.abort();
  };
  const { Manager } = await built<typeof import('../../src/index.js')>('index.js');
  const requests: { host: string; request: string }[] = [];
  try {
    const manager = await Manager.load(real, virtual, {
      onRequest: (host, request) => requests.push({ host, request }),
      expectsChange,
    });
    const rows =
      verb === 'plan'
        ? (await manager.plan()).hosts.map(({ host, rows: planned }) => [host, planned] as const)
        : (await manager[verb](onStep, interruption.signal)).hosts.map(
            (result) => [result.host, result.rows] as const,
          );
    return { requests, errors: [], rows: Object.fromEntries(rows) };
  } catch (error) {
    return { requests, errors: failuresOf(error).map((failure) => failure.toJSON()), rows: {} };
  }
}

async function probe({
  machines,
  probes,
  patience,
}: Extract<Order, { type: 'probe' }>): Promise<Answers['probe']> {
  const [{ Probers }, { probePairs }, { withRoutesToAll }] = await Promise.all([
    built<typeof import('../../src/lab/prober/probers.js')>('lab/prober/probers.js'),
    built<typeof import('../../src/lab/prober/probe-pairs.js')>('lab/prober/probe-pairs.js'),
    built<typeof import('../../src/lab/prober/routes-to-all.js')>('lab/prober/routes-to-all.js'),
  ]);
  const probers = await Probers.start(machines);
  try {
    const interfaces = machines.map((machine) => ({ machine, device: 'eth0' }));
    return await withRoutesToAll(interfaces, () => probePairs(probers, probes, patience));
  } finally {
    await probers.stop();
  }
}

async function throughput({ flow, seconds }: Extract<Order, { type: 'throughput' }>): Promise<number> {
  const { measureThroughput } = await built<typeof import('../../src/lab/prober/measure-throughput.js')>(
    'lab/prober/measure-throughput.js',
  );
  return measureThroughput(flow, seconds);
}

async function answer(order: Order): Promise<unknown> {
  switch (order.type) {
    case 'run':
      return runAny(order);
    case 'read':
      return readFile(order.path, 'utf8');
    case 'write':
      await writeFile(order.path, order.text, { mode: order.mode ?? 0o600 });
      return null;
    case 'manage':
      return manage(order);
    case 'probe':
      return probe(order);
    case 'throughput':
      return throughput(order);
  }
}

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, order } = JSON.parse(line) as { id: number; order: Order };
  answer(order).then(
    (result) => say({ id, result }),
    (error: unknown) => say({ id, error: messageOf(error) }),
  );
});
say({ ready: true });
