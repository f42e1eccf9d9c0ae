import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { NetmgrError } from '../../../../src/errors.js';
import { guestRun } from '../../../../src/agent/machines/guest-agent/run-in-guest.js';
import { SharedAgent } from '../../../../src/agent/machines/guest-agent/shared-agent.js';
import { SocketAgent } from '../../../../src/agent/machines/guest-agent/socket-agent.js';
import type { Run } from '../../../../src/process/run.js';
import { FakeAgent } from './fake-agent.js';

const CHANNEL = '-device virtserialport,name=org.qemu.guest_agent.0';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a command inside a machine', () => {
  let directory: string;
  let agent: FakeAgent | undefined;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'netmgr-qga-'));
  });

  afterEach(async () => {
    await agent?.close();
    agent = undefined;
  });

  after(async () => {
    await rm(directory, { recursive: true });
  });

  const inGuest = (): Run => {
    const path = join(directory, 'vm1.qga');
    return guestRun('vm1', new SharedAgent(() => SocketAgent.connect(path, 'vm1', CHANNEL)).open);
  };

  const withAnswers = async (answers: Parameters<typeof FakeAgent.listen>[1]): Promise<Run> => {
    agent = await FakeAgent.listen(join(directory, 'vm1.qga'), answers);
    return inGuest();
  };

  const failureOf = async (promise: Promise<unknown>): Promise<NetmgrError> => {
    const error: unknown = await promise.catch((thrown: unknown) => thrown);
    if (!(error instanceof NetmgrError)) throw new Error(`no NetmgrError: ${JSON.stringify(error)}`);
    return error;
  };

  const ends = (status: object): Parameters<typeof FakeAgent.listen>[1] => ({
    'guest-exec': () => ({ pid: 7 }),
    'guest-exec-status': () => ({ exited: true, ...status }),
  });

  it('is an argument vector behind timeout(1), with an environment and input of its own', async () => {
    const run = await withAnswers(ends({ exitcode: 0, 'out-data': base64('ä\n'), 'err-data': base64('e') }));
    const argv = ['printf', "%s'", '$(id) ü'] as const;
    expect(await run(argv, { input: 'in', env: { A: 'b' }, timeout: 1500 })).to.deep.equal({
      ...{ stdout: 'ä\n', stderr: 'e', exitCode: 0 },
    });
    const [, exec] = agent?.asked ?? [];
    expect(exec?.parameters).to.deep.equal({
      path: 'timeout',
      arg: ['-k', '5', '32', ...argv],
      env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C', 'A=b'],
      'input-data': base64('in'),
      'capture-output': true,
    });
  });

  it('keeps its exit code, which is a failure unless it is accepted', async () => {
    const run = await withAnswers(ends({ exitcode: 1, 'err-data': base64('10.0.0.1 : -\n') }));
    expect(await run(['fping'], { accept: [0, 1] })).to.include({ exitCode: 1 });
    expect(await failureOf(run(['fping']))).to.include({
      ...{ kind: 'CommandFailed', message: '10.0.0.1 : -', subject: 'vm1' },
    });
  });

  it('that a signal ended, or whose program or output is missing, is a failure whatever is accepted', async () => {
    const accept = [0, 127, 137];
    let run = await withAnswers(ends({ signal: 9 }));
    expect((await failureOf(run(['sleep'], { accept }))).message).to.equal('sleep was ended by signal 9');
    await agent?.close();
    for (const words of [
      'timeout: failed to run command ‘nope’: No such file or directory',
      "timeout: can't execute 'nope': No such file or directory",
    ]) {
      run = await withAnswers(ends({ exitcode: 127, 'err-data': base64(words) }));
      expect(await failureOf(run(['nope'], { accept }))).to.include({
        ...{ message: 'nope is not installed', hint: 'Install the package that holds nope.' },
      });
      await agent?.close();
    }
    run = await withAnswers(ends({ exitcode: 0, 'out-data': base64('x'), 'out-truncated': true }));
    expect((await failureOf(run(['yes'], { accept }))).message).to.contain('more than the guest agent keeps');
  });

  it('that is aborted or takes too long is ended inside, first in good and then in bad', async () => {
    for (const [how, message] of [
      ['abort', 'sleep was ended'],
      ['timeout', 'sleep did not end within 0.05 s'],
    ] as const) {
      const killed: unknown[] = [];
      const run = await withAnswers({
        'guest-exec': ({ path, arg }) => {
          if (path !== 'kill') return { pid: 7 };
          killed.push(arg);
          return { pid: 8 };
        },
        'guest-exec-status': ({ pid }) =>
          pid === 8 ? { exited: true, exitcode: 0 } : { exited: killed.length > 0, signal: 15 },
      });
      const abort = new AbortController();
      if (how === 'abort') setTimeout(() => abort.abort(), 50);
      const options = how === 'abort' ? { signal: abort.signal } : { timeout: 50 };
      expect((await failureOf(run(['sleep', '100'], options))).message).to.equal(message);
      // Who has aborted it does not wait for that.
      while (killed.length === 0) await sleep(5);
      expect(killed).to.deep.equal([['-TERM', '--', '7']]);
      await agent?.close();
    }
  });

  it('that was aborted before it began is not begun', async () => {
    const run = await withAnswers(ends({ exitcode: 0 }));
    expect((await failureOf(run(['true'], { signal: AbortSignal.abort() }))).message).to.equal(
      'true was ended',
    );
    expect(agent?.asked).to.deep.equal([]);
  });

  it('needs a channel', async () => {
    const error = await failureOf(inGuest()(['true']));
    expect(error).to.include({ kind: 'CommandFailed', message: 'vm1 has no guest agent', subject: 'vm1' });
    expect(error.hint).to.contain('org.qemu.guest_agent.0').and.contain('install qemu-guest-agent');
  });

  it('needs an agent that may do it, and says which setting forbids it', async () => {
    for (const desc of [
      'The command guest-exec has been disabled for this instance',
      'Command guest-exec has been disabled: the command is not allowed',
    ]) {
      const run = await withAnswers({
        'guest-exec': () => JSON.stringify({ error: { class: 'CommandNotFound', desc } }),
      });
      const error = await failureOf(run(['true']));
      expect(error.message).to.equal(`vm1: ${desc}`);
      expect(error.hint).to.contain('guest-exec-status').and.contain('/etc/sysconfig/qemu-ga');
      await agent?.close();
    }
  });

  it('is a failure where the machine answers nonsense, or goes', async () => {
    for (const answer of [
      '}{',
      '[]',
      '{"return": {}}',
      '{"return": {"pid": "7"}}',
      '{"return": {"pid": -1}}',
      '7',
    ]) {
      const run = await withAnswers({ 'guest-exec': () => answer });
      expect((await failureOf(run(['true']))).message, answer).to.contain('the guest agent of vm1 answers');
      await agent?.close();
    }
    const run = await withAnswers({ 'guest-exec': () => undefined });
    setTimeout(() => agent?.hangUp(), 50);
    expect(await failureOf(run(['true']))).to.include({ message: 'the guest agent of vm1 does not answer' });
  });

  it('shares the way to its agent with those beside it, and finds a new one after a restart', async () => {
    const path = join(directory, 'vm1.qga');
    const shared = new SharedAgent(() => SocketAgent.connect(path, 'vm1', CHANNEL));
    const run = guestRun('vm1', shared.open);
    agent = await FakeAgent.listen(path, ends({ exitcode: 0 }));
    const syncs = (): number =>
      agent?.asked.filter(({ command }) => command === 'guest-sync-delimited').length ?? 0;
    await Promise.all([run(['true']), run(['true']), run(['true'])]);
    await run(['true']);
    expect(syncs()).to.equal(1);
    await agent.close();
    agent = await FakeAgent.listen(path, ends({ exitcode: 0 }));
    // Until the end of the old one has got about.
    await sleep(50);
    await Promise.all([run(['true']), run(['true'])]);
    expect(syncs()).to.equal(1);
  });
});
