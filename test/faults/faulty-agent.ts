import { appendFileSync, closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import type { Effects } from '../../src/agent/agent.js';
import type { Run } from '../../src/process/run.js';
import { faultFile, fillFile, stepsFile, type Fault } from './fault.js';

// `netmgr agent run`, but mortal: it counts its steps once a test has asked for that, and ends itself with SIGKILL
// before the step that the test has chosen. The steps are what the agent does to the world, as it comes to them.

// What was built starts sooner than the sources, and an agent that is killed starts often.
const built = <T>(path: string): Promise<T> =>
  import(new URL(`../../dist/${path}`, import.meta.url).href) as Promise<T>;
const { startAgent } = await built<typeof import('../../src/agent/agent.js')>('agent/agent.js');
const { messageOf, NetmgrError } = await built<typeof import('../../src/errors.js')>('errors.js');
const { run } = await built<typeof import('../../src/process/run.js')>('process/run.js');

const { values } = parseArgs({
  options: {
    name: { type: 'string', default: '' },
    'state-directory': { type: 'string', default: '' },
    listen: { type: 'string', default: '' },
    machines: { type: 'string' },
    secrets: { type: 'string', default: '' },
  },
  strict: false,
});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const name = text(values.name);

let steps = 0;
let counted: number | undefined;

function readFault(): Fault | undefined {
  try {
    const fault = JSON.parse(readFileSync(faultFile(name), 'utf8')) as Fault;
    if (fault.id !== counted) steps = 0;
    counted = fault.id;
    return fault;
  } catch {
    // Nothing is to go wrong.
    return undefined;
  }
}

/** One step: the test hears of it, and it may be the last. */
function step(what: string): void {
  const fault = readFault();
  if (fault === undefined) return;
  steps++;
  appendFileSync(stepsFile(name), `${what}\n`);
  if (steps === fault.fills) fillDisk();
  if (steps === fault.at) die(fault);
}

/** Takes all the room that there is. */
function fillDisk(): void {
  const file = openSync(fillFile(name), 'w');
  try {
    for (const size of [65_536, 4096, 512, 1]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

function die({ next }: Fault): never {
  become(next);
  process.kill(process.pid, 'SIGKILL');
  // The signal ends us before this does.
  process.exit(1);
}

function become(fault: Fault | undefined): void {
  if (fault === undefined) rmSync(faultFile(name), { force: true });
  else writeFileSync(faultFile(name), JSON.stringify(fault));
}

/** Commands that change the kernel; the others only read. */
function changes(argv: readonly string[]): boolean {
  const words = argv.join(' ');
  return words.includes('-batch') ? !argv.includes('-j') : /restore|nft -f/.test(words);
}

const mortalRun: Run = async (argv, options = {}) => {
  const { misses } = readFault() ?? {};
  if (misses?.tool === argv[0] && steps >= misses.at) return run([`${argv[0]}-is-gone`], options);
  if (!changes(argv)) return run(argv, options);
  const tool = argv.join(' ');
  step(`before ${tool}`);
  const { input = '' } = options;
  const lines = input.trimEnd().split('\n');
  if (readFault()?.fails === argv[0]) {
    become(undefined);
    if (tool.includes('-batch')) await run(argv, { ...options, input: firstOf(lines, lines.length / 2) });
    throw new NetmgrError({ kind: 'CommandFailed', message: 'the test says no' });
  }
  // tc and ip do line after line, so that they can be cut off between any two.
  if (tool.includes('-batch')) {
    for (let done = 1; done < lines.length; done++) {
      const fault = readFault();
      if (fault === undefined) break;
      if (fault.at === steps + 1) {
        await run(argv, { ...options, input: firstOf(lines, done) });
      }
      step(`after line ${String(done)} of ${tool}: ${lines[done - 1] ?? ''}`);
    }
  }
  const output = await run(argv, options);
  step(`after ${tool}`);
  return output;
};

function firstOf(lines: readonly string[], count: number): string {
  return lines
    .slice(0, count)
    .map((line) => `${line}\n`)
    .join('');
}

const mortal: Effects = { run: mortalRun, checkpoint: step };

try {
  const agent = await startAgent(
    {
      name,
      stateDirectory: text(values['state-directory']),
      machines: 'namespace',
      snmpd: { kind: 'private', listen: text(values.listen), secretsFile: text(values.secrets) },
    },
    '0.0.0',
    pino({ level: process.env['NETMGR_AGENT_LOG_LEVEL'] ?? 'info' }, pino.destination(2)),
    mortal,
  );
  process.stdout.write(`${JSON.stringify({ event: 'ready', name })}\n`);
  process.once('SIGTERM', () => void agent.stop().finally(() => process.exit()));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
