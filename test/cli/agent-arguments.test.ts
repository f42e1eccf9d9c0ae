import { expect } from 'chai';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { netmgr } from './cli-process.js';

describe('an agent that is given what cannot be', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'netmgr-agent-arguments-'));
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('says so before anything else, and leaves nothing behind', async () => {
    const directory = join(root, 'state');
    for (const command of ['run', 'install']) {
      const options = ['--listen', 'foo', '--state-directory', directory];
      const { exitCode, stderr } = await netmgr('agent', command, ...options);
      expect(exitCode).to.equal(1);
      expect(stderr).to.include('"foo" is no address for snmpd');
      expect(existsSync(directory)).to.equal(false);
    }
  });

  it('gives the state directory up when it cannot start', async () => {
    const options = ['--listen', 'udp:127.0.0.1:1', '--state-directory', root];
    const { exitCode, stderr } = await netmgr('agent', 'run', ...options);
    expect(exitCode).to.equal(1);
    expect(stderr).to.include('no SNMP users are known');
    expect(existsSync(join(root, 'agent.pid'))).to.equal(false);
  });

  it('cleans nothing for a state directory that is none', async () => {
    const { exitCode, stdout, stderr } = await netmgr(
      'agent',
      'clean',
      '--dry-run',
      '--state-directory',
      '/dev/null',
    );
    expect([exitCode, stdout]).to.deep.equal([1, '']);
    expect(stderr).to.include('the state directory is no directory');
  });
});
