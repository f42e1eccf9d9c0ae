import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { claimStateDirectory } from '../../src/agent/claim-state-directory.js';
import { encodeIdentity, observeProcess } from '../../src/process/process-identity.js';
import { NetmgrError } from '../../src/errors.js';

describe('claimStateDirectory', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'netmgr-claim-'));
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  const hold = (text: string): Promise<void> => writeFile(join(directory, 'agent.pid'), text);

  it('refuses a directory in which another process runs an agent', async () => {
    const parent = await observeProcess(process.ppid);
    if (parent === undefined) throw new Error('no parent');
    await hold(encodeIdentity(parent));
    const thrown: unknown = await claimStateDirectory(directory).catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(NetmgrError);
    expect(thrown).to.include({ kind: 'Conflict', subject: directory });
  });

  it('takes over from one that is gone, though another process has its number now', async () => {
    await hold(encodeIdentity({ pid: process.ppid, startTime: '1' }));
    const release = await claimStateDirectory(directory);
    expect(await readFile(join(directory, 'agent.pid'), 'latin1')).to.match(
      new RegExp(`^${String(process.pid)} `),
    );
    await release();
    const left: unknown = await readFile(join(directory, 'agent.pid')).catch((error: unknown) => error);
    expect(left).to.include({ code: 'ENOENT' });
  });

  it('says so if it cannot write there', async () => {
    const thrown: unknown = await claimStateDirectory('/proc/self/fd').catch((error: unknown) => error);
    expect(thrown).to.include({ kind: 'AccessDenied' });
  });
});
