import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ApplyError, NetmgrError } from '../../../src/errors.js';
import { DecisionStore } from '../../../src/manager/apply/decision-store.js';
import type { ManagerOptions } from '../../../src/manager/manager-options.js';
import { applyRecalled } from '../../../src/manager/recall/apply-recalled.js';
import type { MergedFiles } from '../../../src/manager/recall/merged-files.js';
import { IpAddress } from '../../../src/units/ip-network.js';
import { decidedHost, decisionOf } from '../apply/decisions.js';

/** Nobody answers there. */
const PORT = 9;

describe('an apply of what files came to', () => {
  let directory: string;
  let asked: string[];
  let warnings: string[];
  const { agent } = decidedHost('host1');

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'netmgr-recalled-'));
    [asked, warnings] = [[], []];
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  const apply = (address: string, port: number): ReturnType<typeof applyRecalled> => {
    const merged: MergedFiles = {
      environment: 'grid',
      hosts: [
        {
          ...{ name: 'host1', address: IpAddress.parse(address), digest: Buffer.alloc(32) },
          agent: { port, credentials: 'lab' },
        },
      ],
      credentials: [{ name: 'lab', user: 'netmgr', from: 'env:SECRET' }],
      warnings: [new NetmgrError({ kind: 'Conflict', message: 'too much' })],
    };
    const options: ManagerOptions = {
      ...{ stateDirectory: directory, timeout: 20, retries: 0 },
      environment: { SECRET_AUTH: 'authentication', SECRET_PRIV: 'privacy-secret' },
      onRequest: (host) => asked.push(host),
      onWarning: ({ message }) => warnings.push(message),
    };
    return applyRecalled(merged, options, () => undefined, new AbortController().signal);
  };

  it('asks nobody as long as something else was decided about a host', async () => {
    const store = new DecisionStore(join(directory, 'decisions'));
    await store.prepare();
    await store.write(decisionOf(decidedHost('host1')));
    expect(await apply(agent.address, agent.port)).to.equal(undefined);
    expect([asked, warnings]).to.deep.equal([[], []]);
  });

  it('says which host does not answer, and what the files may not give', async () => {
    const store = new DecisionStore(join(directory, 'decisions'));
    await store.prepare();
    await store.write(decisionOf(decidedHost('host1')));
    const failure: unknown = await apply('127.0.0.1', PORT).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(ApplyError);
    expect((failure as ApplyError).errors[0]).to.include({ kind: 'Unreachable', subject: 'host1' });
    expect(warnings).to.deep.equal(['too much']);
    expect(asked).to.not.deep.equal([]);
  });
});
