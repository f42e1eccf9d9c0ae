import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { withProgramPaths } from '../../src/process/program-path.js';
import { run } from '../../src/process/run.js';

describe('withProgramPaths', () => {
  let directory: string;
  let path: string;
  const file = (...names: string[]): string => join(directory, ...names);

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'netmgr-path-'));
    for (const name of ['first', 'second']) mkdirSync(file(name));
    const put = (name: string, mode: number): void => {
      writeFileSync(file(name), `#!/bin/sh\necho ${name}\n`);
      chmodSync(file(name), mode);
    };
    mkdirSync(file('first', 'directory'));
    put('second/directory', 0o755);
    put('first/text', 0o644);
    put('second/text', 0o755);
    put('first/both', 0o755);
    put('second/both', 0o755);
    path = [file('none'), file('first'), file('second')].join(':');
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  for (const [name, found] of [
    ['both', 'first/both'],
    ['text', 'second/text'],
    ['directory', 'second/directory'],
  ] as const) {
    it(`finds what execvp runs: ${found}`, async () => {
      expect(withProgramPaths([name, 'word'], path)).to.deep.equal([file(found), 'word']);
      // env(1) has it found by execvp(3).
      const env = { PATH: `${path}:${process.env['PATH'] ?? ''}` };
      expect((await run(['env', name], { env })).stdout).to.equal(`${found}\n`);
      expect((await run([name], { env })).stdout).to.equal(`${found}\n`);
    });
  }

  it('leaves what is no name in PATH as it is', () => {
    for (const [name, where] of [
      ['nothing-of-that-name', path],
      ['first/both', path],
      ['both', `${file('none')}::${path}`],
    ] as const) {
      expect(withProgramPaths([name], where)).to.deep.equal([name]);
    }
  });

  it('finds the programs that others lead to, and nothing in the words of a program', () => {
    const where = `${path}:${process.env['PATH'] ?? ''}`;
    const [nsenter, ...words] = withProgramPaths(
      ['nsenter', '--net=x', '--', 'setpriv', '--reuid', '1', '--', 'both', '--', 'text'],
      where,
    );
    expect(nsenter).to.match(/\/nsenter$/);
    expect(words.splice(2, 1)[0]).to.match(/\/setpriv$/);
    expect(words).to.deep.equal(['--net=x', '--', '--reuid', '1', '--', file('first', 'both'), '--', 'text']);
  });

  it('runs a program under the name that it is called by', async () => {
    const { stdout } = await run(['cat', '/proc/self/cmdline']);
    expect(stdout).to.equal('cat\0/proc/self/cmdline\0');
  });
});
