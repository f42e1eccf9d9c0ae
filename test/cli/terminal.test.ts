import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/process/run.js';

const PROGRESS = fileURLToPath(new URL('../../src/cli/output/progress.ts', import.meta.url));
const UNINTERRUPTED = fileURLToPath(new URL('../../src/cli/uninterrupted.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

describe('an apply on a terminal', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'netmgr-terminal-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** Runs statements that see withProgress and uninterrupted on a terminal of script(1). @returns what is there in the end */
  const onTerminal = async (statements: string): Promise<string> => {
    const program = join(directory, 'program.mjs');
    writeFileSync(
      program,
      `import { withProgress } from ${JSON.stringify(PROGRESS)};
import { uninterrupted } from ${JSON.stringify(UNINTERRUPTED)};
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
${statements}`,
    );
    const command = `stty rows 24 cols 80; exec ${process.execPath} --import ${TSX} ${program}`;
    const { stdout } = await run(['script', '-qec', command, '/dev/null'], {
      timeout: 60_000,
      env: { NODE_OPTIONS: '', TERM: 'xterm' },
    });
    // eslint-disable-next-line no-control-regex -- what moves the cursor is to be left out
    return stdout.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
  };

  it('shows the step that came before the line was drawn', async () => {
    const text = await onTerminal(`
await withProgress(['host1'], false, async (onStep) => {
  onStep('host1', 'wait for somebody');
  await sleep(500);
});`);
    expect(text).to.contain('host1: wait for somebody');
  });

  it('ends with a cross at the hosts that were not done, also when it fails at once', async () => {
    const text = await onTerminal(`
await withProgress(['host1', 'host2'], false, async (onStep) => {
  onStep('host1', 'done');
  throw new Error('no');
}).catch((error) => console.log('caught ' + error.message));`);
    expect(text)
      .to.contain('caught no')
      .and.match(/✔ host1: done/)
      .and.match(/✖ host2/)
      .and.not.match(/✔ host2/);
  });

  it('goes on when it is interrupted, and tells the work', async () => {
    const text = await onTerminal(`
const result = await uninterrupted((signal) =>
  withProgress(['host1'], false, async (onStep) => {
    onStep('host1', 'commit');
    await sleep(300);
    process.kill(process.pid, 'SIGINT');
    await sleep(500);
    onStep('host1', 'done');
    return signal.aborted;
  }),
);
console.log('aborted ' + result);`);
    expect(text).to.contain('aborted true').and.contain('interrupted: ');
  });
});
