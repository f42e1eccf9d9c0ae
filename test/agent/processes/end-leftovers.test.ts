import { expect } from 'chai';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endLeftovers } from '../../../src/agent/processes/end-leftovers.js';
import { markedRun, processMark } from '../../../src/agent/processes/marked-run.js';
import { isRunning, observeProcess, type ProcessFacts } from '../../../src/process/process-identity.js';
import { run, start, type RunningProcess } from '../../../src/process/run.js';

const source = (path: string): string =>
  JSON.stringify(new URL(`../../../src/${path}`, import.meta.url).href);

async function factsOf(pid: number | undefined): Promise<ProcessFacts> {
  const facts = await observeProcess(pid ?? 0);
  if (facts === undefined) throw new Error(`process ${String(pid)} does not run`);
  return facts;
}

/** Waits until the process runs the program: between fork and exec it is still what started it. */
async function becomes(pid: number, name: string): Promise<ProcessFacts> {
  for (;;) {
    const facts = await factsOf(pid);
    if (facts.name === name) return facts;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('endLeftovers', () => {
  let directory: string;
  const bystanders: RunningProcess[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'netmgr-leftovers-'));
  });

  afterEach(async () => {
    for (const bystander of bystanders.splice(0)) {
      bystander.kill('SIGKILL');
      await bystander;
    }
    await rm(directory, { recursive: true });
  });

  /** A program that lets `markedRun` run a shell's words for the directory; the shell's process is `pid`. */
  async function startOwner(words: string): Promise<{ owner: RunningProcess; pid: number }> {
    const script = join(directory, 'owner.mts');
    const pidFile = join(directory, 'pid');
    const shell = `echo $$ >${pidFile}.new; mv ${pidFile}.new ${pidFile}; ${words}`;
    await writeFile(
      script,
      `import { markedRun } from ${source('agent/processes/marked-run.ts')};
import { run } from ${source('process/run.ts')};
await markedRun(run, ${JSON.stringify(directory)})(['sh', '-c', ${JSON.stringify(shell)}]);`,
    );
    const owner = start([process.execPath, '--import', import.meta.resolve('tsx'), script]);
    bystanders.push(owner);
    for (;;) {
      const pid = await readFile(pidFile, 'utf8').catch(() => undefined);
      if (pid !== undefined) return { owner, pid: Number(pid) };
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it('ends what a killed owner left running', async () => {
    const { owner, pid } = await startOwner('exec sleep 60');
    const left = await becomes(pid, 'sleep');
    owner.kill('SIGKILL');
    await owner;
    expect(await isRunning(left)).to.equal(true);
    expect(await endLeftovers(directory)).to.deep.equal([left]);
    expect(await isRunning(left)).to.equal(false);
  });

  it('ends what its children started too, though they start more all the time', async () => {
    const { owner, pid } = await startOwner(
      'trap "" TERM; for i in $(seq 2000); do sleep 60 & sleep 0.01; done',
    );
    const shell = await factsOf(pid);
    owner.kill('SIGKILL');
    await owner;
    const ended = await endLeftovers(directory);
    expect(ended.map(({ name }) => name)).to.include.members(['sh', 'sleep']);
    expect(await isRunning(shell)).to.equal(false);
    expect(await endLeftovers(directory)).to.deep.equal([]);
  });

  it('leaves alone what bears another mark or none, or only speaks of it', async () => {
    const [[name, value]] = Object.entries(processMark(directory)) as [[string, string]];
    const environments = [
      {},
      processMark(`${directory}/`),
      processMark(join(directory, 'snmpd')),
      processMark(directory.slice(0, -1)),
      { [`${name}_TOO`]: value },
      { OTHER: `${name}=${value}` },
    ];
    const others = environments.map((env) => start(['sleep', '60'], { env }));
    others.push(start(['sh', '-c', 'sleep 60; :', `${name}=${value}`]));
    bystanders.push(...others);
    const facts = await Promise.all(others.map(({ pid }) => factsOf(pid)));
    expect(await endLeftovers(directory)).to.deep.equal([]);
    for (const other of facts) expect(await isRunning(other)).to.equal(true);
  });

  it('leaves alone what runs in another process namespace, where another agent may have such a directory', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const container = start(['unshare', '--pid', '--fork', 'sh', '-c', 'echo ready; exec sleep 60'], {
      env: processMark(directory),
      stdout: 'pipe',
    });
    bystanders.push(container);
    await once(createInterface({ input: container.stdout }), 'line');
    const { stdout } = await run(['pgrep', '-P', String(container.pid)]);
    const inside = await becomes(Number(stdout), 'sleep');
    const ended = await endLeftovers(directory);
    const survived = await isRunning(inside);
    process.kill(inside.pid, 'SIGKILL');
    // unshare itself is outside.
    expect(ended.map(({ name }) => name)).to.deep.equal(['unshare']);
    expect(survived).to.equal(true);
  });

  it('leaves its own process alone, whatever it was started with', async () => {
    const script = join(directory, 'own.mts');
    await writeFile(
      script,
      `import { endLeftovers } from ${source('agent/processes/end-leftovers.ts')};
const ended = await endLeftovers(${JSON.stringify(directory)});
console.log(ended.some(({ pid }) => pid === process.pid), 'and alive');`,
    );
    const argv = [process.execPath, '--import', import.meta.resolve('tsx'), script] as const;
    const { stdout } = await run([...argv], { env: processMark(directory) });
    expect(stdout).to.equal('false and alive\n');
  });
});

describe('markedRun', () => {
  it('adds the mark to what a command is given', async () => {
    const { stdout } = await markedRun(run, '/some/directory')(['env'], { env: { MORE: 'words' } });
    expect(stdout.split('\n')).to.include.members(['MORE=words', 'NETMGR_AGENT=/some/directory']);
  });
});
