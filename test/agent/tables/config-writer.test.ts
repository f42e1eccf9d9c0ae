import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import { cfgScalars } from '../../../src/mib/cfg-scalars.js';
import { linkTable } from '../../../src/mib/link-table.js';
import { ROW_STATUS } from '../../../src/mib/row-status.js';
import { instanceOf } from '../../../src/mib/scalar.js';
import { siteTable } from '../../../src/mib/site-table.js';
import type { SnmpValue, VarBind } from '../../../src/mib/value.js';
import { Actions } from '../../../src/agent/config/actions.js';
import { Commits } from '../../../src/agent/config/commits.js';
import { Datastore } from '../../../src/agent/config/datastore.js';
import { Mutex } from '../../../src/agent/config/mutex.js';
import { OwnerLock } from '../../../src/agent/config/owner-lock.js';
import type { Settings } from '../../../src/agent/store/agent-state.js';
import { readBootClock } from '../../../src/agent/store/boot-clock.js';
import { ConfigWriter } from '../../../src/agent/tables/config-writer.js';
import { RecordingKernel } from '../config/commit-fixture.js';

const { scalars } = cfgScalars;
const text = (value: string): SnmpValue => ({ type: 'OctetString', value: Buffer.from(value) });
const integer = (value: number): SnmpValue => ({ type: 'Integer32', value });
const gauge = (value: number): SnmpValue => ({ type: 'Gauge32', value });
const owner = (name: string): VarBind => ({ oid: instanceOf(scalars.owner), value: text(name) });
const site = (index: number, columnId: number, value: SnmpValue): VarBind => ({
  oid: [...siteTable.entry, columnId, index],
  value,
});
const create = (index: number, status: number = ROW_STATUS.createAndGo): VarBind =>
  site(index, 4, integer(status));

describe('ConfigWriter', () => {
  let datastore: Datastore;
  let lock: OwnerLock;
  let actions: Actions;
  let settings: Partial<Settings>[];
  let writer: ConfigWriter;

  beforeEach(() => {
    datastore = new Datastore();
    const kernel = new RecordingKernel();
    const store = { save: () => Promise.resolve() };
    const commits = new Commits(datastore, kernel, store, readBootClock);
    lock = new OwnerLock(
      () => {
        datastore.discard();
        actions.endSession();
      },
      () => false,
    );
    actions = new Actions({
      datastore,
      commits,
      kernel,
      mutex: new Mutex(),
      releaseOwner: () => {
        lock.release();
      },
    });
    settings = [];
    writer = new ConfigWriter(
      datastore,
      lock,
      actions,
      () => undefined,
      (changed) => settings.push(changed),
    );
  });

  afterEach(() => {
    lock.release();
  });

  /** All phases of a SET, or why it was refused. */
  async function set(...varBinds: VarBind[]): Promise<string> {
    const tested = writer.test(varBinds);
    if ('status' in tested) return `${tested.status} ${String(tested.index)}`;
    await tested.commit();
    await tested.cleanup();
    return 'noError';
  }

  it('writes rows to the candidate alone', async () => {
    expect(await set(owner('me'), create(1), site(1, 2, text('a')))).to.equal('noError');
    expect(datastore.candidate.rows(siteTable)).to.deep.equal([{ site: 1, name: 'a', policy: 'proxy' }]);
    expect(datastore.running.configuration.size).to.equal(0);
  });

  describe('an edit of many rows', () => {
    const edit = (json: unknown): VarBind => ({
      oid: instanceOf(scalars.edit),
      value: { type: 'OctetString', value: deflateSync(JSON.stringify(json)) },
    });

    it('sets and removes rows of the candidate, whole or not at all, and as often as it comes', async () => {
      await set(owner('me'), create(1), site(1, 2, text('a')), create(2), site(2, 2, text('b')));
      const change = edit({
        set: {
          netemuSite: [
            { site: 1, name: 'c' },
            { site: 3, name: 'd', policy: 'open' },
          ],
        },
        remove: { netemuSite: [{ site: 2 }] },
      });
      for (let n = 0; n < 2; n++) {
        expect(await set(owner('me'), change)).to.equal('noError');
        expect(datastore.candidate.rows(siteTable)).to.deep.equal([
          { site: 1, name: 'c', policy: 'proxy' },
          { site: 3, name: 'd', policy: 'open' },
        ]);
      }
      expect(
        await set(
          owner('me'),
          edit({
            set: {
              netemuSite: [
                { site: 4, name: 'e' },
                { site: 5, name: 7 },
              ],
            },
          }),
        ),
      ).to.equal('wrongValue 2');
      expect(datastore.candidate.rows(siteTable)).to.have.lengthOf(2);
    });

    it('is undone with its SET', async () => {
      await set(owner('me'), create(1), site(1, 2, text('a')));
      const tested = writer.test([
        owner('me'),
        edit({ set: { netemuSite: [{ site: 2, name: 'b' }] }, remove: { netemuSite: [{ site: 1 }] } }),
      ]);
      if ('status' in tested) throw new Error(tested.status);
      await tested.commit();
      expect(datastore.candidate.rows(siteTable).map(({ name }) => name)).to.deep.equal(['b']);
      await tested.undo();
      await tested.cleanup();
      expect(datastore.candidate.rows(siteTable).map(({ name }) => name)).to.deep.equal(['a']);
    });

    it("is the owner's, and comes without other rows", async () => {
      const change = edit({ set: { netemuSite: [{ site: 1, name: 'a' }] } });
      expect(await set(change)).to.equal('inconsistentValue 1');
      expect(await set(owner('me'), change, create(2))).to.equal('inconsistentValue 2');
      expect(await set(owner('me'), change, change)).to.equal('inconsistentValue 3');
      await set(owner('me'));
      expect(await set(owner('you'), change)).to.equal('inconsistentValue 1');
    });
  });

  it('takes the same SET again, because an answer may be lost', async () => {
    await set(owner('me'), create(1), site(1, 2, text('a')));
    expect(await set(owner('me'), create(1), site(1, 2, text('a')))).to.equal('noError');
    expect(await set(owner('me'), create(1, ROW_STATUS.destroy))).to.equal('noError');
    expect(await set(owner('me'), create(1, ROW_STATUS.destroy))).to.equal('noError');
    expect(datastore.candidate.size).to.equal(0);
  });

  it('refuses whoever does not say who they are, and whoever is not the owner', async () => {
    expect(await set(create(1))).to.equal('inconsistentValue 1');
    await set(owner('me'), create(1));
    expect(await set(owner('other'), create(2))).to.equal('inconsistentValue 1');
    expect(await set(owner(''), create(2))).to.equal('inconsistentValue 1');
    expect(datastore.candidate.size).to.equal(1);
  });

  it('drops the rows of a session that ended', async () => {
    await set(owner('me'), create(1));
    lock.release();
    expect(datastore.candidate.size).to.equal(0);
  });

  const release = { oid: instanceOf(scalars.action), value: integer(9) };

  it('refuses what comes late from an owner whose session has ended, but not its release again', async () => {
    await set(owner('me'), create(1));
    expect(await set(owner('me'), release)).to.equal('noError');
    expect(await set(owner('me'), create(1))).to.equal('inconsistentValue 1');
    expect(await set(owner('me'), release)).to.equal('noError');
    expect(await set(owner('me'), release, create(1))).to.equal('inconsistentValue 1');
    // Nothing is answered with noError that is not done.
    const interval = {
      oid: instanceOf(scalars.auditInterval),
      value: { type: 'Gauge32', value: 5 },
    } as const;
    expect(await set(owner('me'), release, interval)).to.equal('inconsistentValue 1');
    expect([lock.owner, datastore.candidate.size]).to.deep.equal(['', 0]);
    expect(await set(owner('other'), create(2))).to.equal('noError');
    expect(await set(owner('me'), release)).to.equal('noError');
    expect(lock.owner).to.equal('other');
  });

  it('opens no session by a SET that is undone, and admits its owner again', async () => {
    const tested = writer.test([owner('me'), create(1)]);
    if ('status' in tested) throw new Error(tested.status);
    await tested.commit();
    await tested.undo();
    expect(lock.owner).to.equal('');
    expect(await set(owner('me'), create(1))).to.equal('noError');
  });

  it('keeps what belongs to the session for its length, and settings for good', async () => {
    const seconds = { oid: instanceOf(scalars.confirmTimeout), value: gauge(60) };
    const interval = { oid: instanceOf(scalars.auditInterval), value: gauge(5) };
    await set(owner('me'), seconds, interval, { oid: instanceOf(scalars.takeOver), value: integer(1) });
    expect([actions.confirmTimeout, actions.takeOver]).to.deep.equal([60, true]);
    await set(owner('me'), release);
    expect([actions.confirmTimeout, actions.takeOver]).to.deep.equal([0, false]);
    expect(settings).to.deep.equal([{ auditInterval: 5 }]);
  });

  it('undoes a commit that another subagent failed', async () => {
    await set(owner('me'), create(1), site(1, 2, text('a')));
    const tested = writer.test([owner('me'), site(1, 2, text('b')), create(2)]);
    if ('status' in tested) throw new Error(tested.status);
    await tested.commit();
    await tested.undo();
    await tested.cleanup();
    expect(datastore.candidate.rows(siteTable)).to.deep.equal([{ site: 1, name: 'a', policy: 'proxy' }]);
  });

  const refused: readonly [string, VarBind, string][] = [
    ['a column of an absent row', site(9, 2, text('a')), 'inconsistentName 2'],
    ['a wrong type', site(1, 2, integer(1)), 'wrongType 2'],
    ['a string that is too long', site(1, 2, text('a'.repeat(65))), 'wrongLength 2'],
    ['64 KB', site(1, 2, text('a'.repeat(65536))), 'wrongLength 2'],
    ['a line feed in a name', site(1, 2, text('a\nb')), 'wrongValue 2'],
    ['a NUL in a name', site(1, 2, text('a\0b')), 'wrongValue 2'],
    ['no UTF-8', site(1, 2, { type: 'OctetString', value: Uint8Array.of(0xff) }), 'wrongValue 2'],
    ['an unknown policy', site(1, 3, integer(77)), 'wrongValue 2'],
    ['createAndWait', create(1, 5), 'wrongValue 2'],
    ['an index out of range', create(0), 'noCreation 2'],
    ['an index that is too long', { oid: [...siteTable.entry, 4, 1, 1], value: integer(4) }, 'noCreation 2'],
    ['an unknown column', site(1, 99, integer(1)), 'notWritable 2'],
    ['an index column', site(1, 1, integer(1)), 'notWritable 2'],
    ['a read-only scalar', { oid: instanceOf(scalars.state), value: integer(1) }, 'notWritable 2'],
    [
      'an action without a digest',
      { oid: instanceOf(scalars.action), value: integer(3) },
      'inconsistentValue 2',
    ],
    ['the action none', { oid: instanceOf(scalars.action), value: integer(1) }, 'wrongValue 2'],
    ['a short digest', { oid: instanceOf(scalars.expectedDigest), value: text('short') }, 'wrongLength 2'],
    [
      'a shell in the name of a vif',
      { oid: [...linkTable.entry, 6, 5, ...Buffer.from('v;ls '), 1, 4, 10, 0, 0, 1, 32], value: integer(4) },
      'noCreation 2',
    ],
  ];
  for (const [what, varBind, answer] of refused) {
    it(`refuses ${what} with ${answer.split(' ')[0] ?? ''}, and the whole PDU with it`, async () => {
      expect(await set(owner('me'), varBind, create(5))).to.equal(answer);
      expect(datastore.candidate.size).to.equal(0);
    });
  }
});
