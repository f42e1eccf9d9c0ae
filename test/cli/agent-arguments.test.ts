import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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
      expect(stderr).to.include('"foo" is no address');
      expect(existsSync(directory)).to.equal(false);
    }
  });

  it('is told which kinds of machines there are', async () => {
    for (const command of ['run', 'install', 'clean']) {
      const { exitCode, stderr } = await netmgr(
        'agent',
        command,
        '--machines',
        'vms',
        '--state-directory',
        root,
      );
      expect(exitCode).to.equal(1);
      expect(stderr).to.match(/'vms' is invalid.*namespace, container/);
    }
  });

  it('gives the state directory up when it cannot start', async () => {
    const options = ['--listen', 'udp:127.0.0.1:1', '--state-directory', root];
    const { exitCode, stderr } = await netmgr('agent', 'run', ...options);
    expect(exitCode).to.equal(1);
    expect(stderr).to.include('no SNMP users are known');
    expect(existsSync(join(root, 'agent.pid'))).to.equal(false);
  });

  const system = ['--system-snmpd'];
  for (const [what, words, said] of [
    ['where to listen', ['run', ...system, '--listen', 'udp:127.0.0.1:1'], /--listen.*agentaddress/s],
    [
      'where to listen, at install',
      ['install', ...system, '--listen', 'udp:127.0.0.1:1'],
      /--listen.*agentaddress/s,
    ],
    ['whom to notify', ['run', ...system, '--notify', 'udp:127.0.0.1:1'], /--notify.*agent install/s],
    ['whom to inform', ['run', ...system, '--inform', 'udp:127.0.0.1:1'], /--inform.*agent install/s],
    ['secrets', ['run', ...system, '--secrets', '/nonexistent'], /--secrets.*agent install/s],
    ['a relative socket', ['run', '--system-snmpd', 'agentx'], /"agentx" cannot be the path/],
    ['a socket of TCP', ['install', '--system-snmpd', 'tcp:localhost:705'], /cannot be the path/],
  ] as const) {
    it(`does not tell the system's snmpd ${what}`, async () => {
      const directory = join(root, 'state');
      const options = ['--state-directory', directory, '--unit-directory', root];
      const more = words[0] === 'run' ? options.slice(0, 2) : options;
      const { exitCode, stdout, stderr } = await netmgr('agent', ...words, ...more);
      expect([exitCode, stdout]).to.deep.equal([1, '']);
      expect(stderr)
        .to.match(said)
        .and.to.match(/^error: .*\n {2}do: {4}/);
      expect(readdirSync(root)).to.deep.equal([]);
    });
  }

  it("does not tell the system's snmpd what the environment says either", async () => {
    process.env['NETMGR_AGENT_NOTIFY'] = 'udp:127.0.0.1:1';
    try {
      const { exitCode, stderr } = await netmgr('agent', 'run', '--system-snmpd', '--state-directory', root);
      expect(exitCode).to.equal(1);
      expect(stderr).to.contain('Unset NETMGR_AGENT_NOTIFY');
    } finally {
      delete process.env['NETMGR_AGENT_NOTIFY'];
    }
  });

  it("has no use for files of the system's snmpd beside a private one", async () => {
    for (const option of ['--snmpd-conf', '--snmpd-persistent']) {
      const { exitCode, stderr } = await netmgr('agent', 'install', option, '/x', '--state-directory', root);
      expect(exitCode).to.equal(1);
      expect(stderr).to.contain(option).and.to.contain('--system-snmpd');
    }
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
