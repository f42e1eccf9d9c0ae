import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { NetmgrError } from '../../src/errors.js';
import { run, start } from '../../src/process/run.js';

const failure = async (work: Promise<unknown>): Promise<NetmgrError> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof NetmgrError) return error;
  throw new Error(`no NetmgrError but ${String(error)}`);
};

/** A program that prints its arguments, one after the other with a NUL behind each. */
const ECHO = ['sh', '-c', 'for argument in "$@"; do printf "%s\\0" "$argument"; done', 'echo'] as const;

describe('run', () => {
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'netmgr-run-'));
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  it('hands over each argument as it is', async () => {
    const argument = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(fc.array(argument, { maxLength: 5 }), async (args) => {
        const { stdout } = await run([...ECHO, ...args]);
        expect(stdout.split('\0').slice(0, -1)).to.deep.equal(args);
      }),
      { numRuns: 30 },
    );
  });

  it('has no shell', async () => {
    const proof = join(directory, 'executed');
    const words = [
      `$(touch ${proof})`,
      `; touch ${proof}`,
      `\`touch ${proof}\``,
      `| touch ${proof}`,
      '*',
      '~',
      '$HOME',
    ];
    const { stdout } = await run(['printf', '%s\n', ...words]);
    expect(stdout).to.equal(words.map((word) => `${word}\n`).join(''));
    expect((await failure(run([`touch ${proof}`]))).message).to.contain('is not installed');
    expect(existsSync(proof)).to.equal(false);
  });

  it('fails where the command had to be ended, whatever it ends with', async () => {
    // Ends well at the signal that ends others.
    const stubborn = ['sh', '-c', 'trap "exit 0" TERM; echo it began; sleep 5 & wait'] as const;
    const late = await failure(run(stubborn, { timeout: 300, program: 'stubborn' }));
    expect(late.message).to.equal('stubborn did not end within 0.3 s');
    const ended = await failure(run(stubborn, { signal: AbortSignal.timeout(300) }));
    expect(ended.message).to.equal('sh was ended');
    expect((await failure(run(['true'], { signal: AbortSignal.abort() }))).message).to.equal(
      'true was ended',
    );
  });

  it('refuses a NUL before anything runs', async () => {
    const proof = join(directory, 'nul');
    const error = await failure(run(['touch', proof, 'a\0b'], { subject: 'host1' }));
    expect(error.toJSON()).to.include({ kind: 'InvalidInput', subject: 'host1' });
    expect(existsSync(proof)).to.equal(false);
  });

  it('says which tool is missing, and what to do', async () => {
    const error = await failure(run(['netmgr-no-such-tool', 'x']));
    expect(error.toJSON()).to.include({
      kind: 'CommandFailed',
      message: 'netmgr-no-such-tool is not installed',
    });
    expect(error.hint).to.contain('netmgr-no-such-tool');
  });

  it("fails with the tool's own words", async () => {
    const script = 'echo out; echo "RTNETLINK answers: No" >&2; exit 2';
    const error = await failure(run(['sh', '-c', script], { subject: 'host1/vif1.0' }));
    expect(error.toJSON()).to.deep.include({
      kind: 'CommandFailed',
      message: 'RTNETLINK answers: No',
      subject: 'host1/vif1.0',
    });
    expect(error.toJSON().cause).to.contain('exit code 2');
  });

  it('takes an exit code that is no failure', async () => {
    expect(await run(['sh', '-c', 'echo x; echo y >&2; exit 3'], { accept: [3] })).to.deep.equal({
      stdout: 'x\n',
      stderr: 'y\n',
      exitCode: 3,
    });
    await failure(run(['true'], { accept: [3] }));
  });

  it('ends a command that takes too long, and says so', async () => {
    const pidFile = join(directory, 'pid');
    const error = await failure(run(['sh', '-c', `echo $$ >${pidFile}; exec sleep 1000`], { timeout: 500 }));
    expect(error.toJSON()).to.include({ kind: 'CommandFailed', message: 'sh did not end within 0.5 s' });
    const pid = readFileSync(pidFile, 'utf8').trim();
    expect(readdirSync('/proc')).to.not.include(pid);
  });

  it('fails for a command that a signal ended', async () => {
    expect((await failure(run(['sh', '-c', 'kill -9 $$']))).kind).to.equal('CommandFailed');
  });

  it('gives the input whole, and an end of it where there is none', async () => {
    const input = 'ä\n'.repeat(500_000);
    expect((await run(['cat'], { input })).stdout).to.equal(input);
    expect((await run(['cat'])).stdout).to.equal('');
    // The tool may end without having read all.
    expect((await run(['true'], { input })).exitCode).to.equal(0);
  });

  it('tells how much of its input a command has taken, and gives it whole', async () => {
    // Signs of several octets, of which a piece may end between two.
    const input = `x${'ä€😀'.repeat(50_000)}`;
    const shares: number[] = [];
    const { stdout } = await run(['cat'], { input, onInput: (share) => shares.push(share) });
    expect(stdout === input).to.equal(true);
    expect(shares.length).to.be.greaterThan(2);
    expect(shares.reduce((sum, share) => sum + share, 0)).to.be.closeTo(1, 1e-9);
  });

  it('fails as it does otherwise where a command takes no more of its input', async () => {
    const error = await failure(
      run(['sh', '-c', 'echo no more >&2; exit 3'], {
        input: 'x'.repeat(1_000_000),
        onInput: () => undefined,
      }),
    );
    expect(error.message).to.include('no more');
  });

  it("speaks the tools' own language, and hands on variables", async () => {
    const { stdout } = await run(['sh', '-c', 'echo "$LC_ALL $NETMGR_TEST"'], {
      env: { NETMGR_TEST: 'here' },
    });
    expect(stdout).to.equal('C here\n');
  });

  it('tells a listener each command before it runs', async () => {
    const heard: unknown[] = [];
    const onCommand = (argv: readonly string[], input: string): void => void heard.push([argv, input]);
    await run(['cat', '-'], { input: 'in', onCommand });
    await failure(run(['false'], { onCommand }));
    expect(heard).to.deep.equal([
      [['cat', '-'], 'in'],
      [['false'], ''],
    ]);
  });
});

describe('start', () => {
  it('does not wait, and tells the end', async () => {
    const running = start(['sh', '-c', 'read line; exit 4'], { stdin: 'pipe' });
    expect(running.pid).to.be.a('number');
    running.stdin.end('go\n');
    expect((await running).exitCode).to.equal(4);
  });

  it('tells of a tool that is not there', async () => {
    expect((await start(['netmgr-no-such-tool'])).failed).to.equal(true);
  });
});
