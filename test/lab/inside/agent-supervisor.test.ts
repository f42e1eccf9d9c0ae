import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { AgentSupervisor } from '../../../src/lab/inside/agent-supervisor.js';

const READY = `echo '{"event":"ready"}'`;

describe('AgentSupervisor', () => {
  let directory: string;
  let supervisor: AgentSupervisor;

  const path = (name: string): string => join(directory, name);
  const supervise = (script: string): AgentSupervisor => {
    supervisor = new AgentSupervisor({
      argv: ['sh', '-c', script],
      env: { PATH: process.env['PATH'] ?? '', D: directory },
      log: path('log'),
      pidFile: path('pid'),
    });
    return supervisor;
  };
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await delay(10);
  };
  const textOf = (name: string): string => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : '');
  const agentPid = (): number => {
    const pid = Number(textOf('pid'));
    // 0 would be our own process group.
    if (!(pid > 1)) throw new Error('no agent runs');
    return pid;
  };
  const isThere = (pid: number): boolean => existsSync(`/proc/${String(pid)}`);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'netmgr-supervisor-'));
  });

  afterEach(async () => {
    supervisor.close();
    // The file of one that has just been started comes a moment later.
    await until(() => !supervisor.running || textOf('pid') !== '');
    if (textOf('pid') !== '') process.kill(-agentPid(), 'SIGKILL');
    await until(() => !supervisor.running && !existsSync(path('pid')));
    rmSync(directory, { recursive: true });
  });

  it('starts it again after a kill, without anything of the one before', async () => {
    supervise(`echo started >&2; sleep 1000 & echo $! >$D/child.$$; ${READY}; wait`);
    expect(await supervisor.firstStart).to.equal('ready');
    const pid = agentPid();
    const child = Number(textOf(`child.${String(pid)}`));
    expect([pid, child].map(isThere)).to.deep.equal([true, true]);
    process.kill(pid, 'SIGKILL');
    await until(() => supervisor.restarts === 1 && textOf('pid') !== '');
    expect(agentPid()).to.not.equal(pid);
    expect([pid, child].map(isThere)).to.deep.equal([false, false]);
    expect(supervisor.lastEnd).to.equal('SIGKILL');
    await until(() => textOf('log') === 'started\nstarted\n');
  });

  it('starts it again however it ends', async () => {
    supervise(`${READY}; echo >>$D/starts; [ $(wc -l <$D/starts) -lt 3 ] || exec sleep 1000; exit 7`);
    await until(() => textOf('starts') === '\n\n\n' && supervisor.running);
    expect(supervisor.restarts).to.equal(2);
    expect(supervisor.lastEnd).to.equal('exit code 7');
  });

  it('does not start it again after close', async () => {
    supervise(`echo >>$D/starts; ${READY}; exec sleep 1000`);
    await supervisor.firstStart;
    supervisor.close();
    process.kill(agentPid(), 'SIGKILL');
    await until(() => !supervisor.running);
    // Longer than the first pause.
    await delay(1000);
    expect(textOf('starts')).to.equal('\n');
    expect(textOf('pid')).to.equal('');
  });

  it('does not start again what was never ready', async () => {
    supervise(`echo >>$D/starts; exit 3`);
    expect(await supervisor.firstStart).to.deep.equal({ exitCode: 3 });
    await delay(1000);
    expect(textOf('starts')).to.equal('\n');
  });
});
