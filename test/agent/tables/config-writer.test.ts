import { expect } from 'chai';
import { cfgScalars } from '../../../src/mib/cfg-scalars.js';
import { linkTable } from '../../../src/mib/link-table.js';
import { ROW_STATUS } from '../../../src/mib/row-status.js';
import { instanceOf } from '../../../src/mib/scalar.js';
import { siteTable } from '../../../src/mib/site-table.js';
import type { SnmpValue, VarBind } from '../../../src/mib/value.js';
import { Actions } from '../../../src/agent/config/actions.js';
import { Datastore } from '../../../src/agent/config/datastore.js';
import { OwnerLock } from '../../../src/agent/config/owner-lock.js';
import { ConfigWriter } from '../../../src/agent/tables/config-writer.js';

const { scalars } = cfgScalars;
const text = (value: string): SnmpValue => ({ type: 'OctetString', value: Buffer.from(value) });
const integer = (value: number): SnmpValue => ({ type: 'Integer32', value });
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
  let writer: ConfigWriter;

  beforeEach(() => {
    datastore = new Datastore();
    const kernel = { validate: () => Promise.resolve([]), apply: () => Promise.resolve() };
    lock = new OwnerLock(
      () => {
        datastore.discard();
      },
      () => false,
    );
    const actions = new Actions(datastore, kernel, () => {
      lock.release();
    });
    writer = new ConfigWriter(datastore, lock, actions, () => undefined);
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
    expect(datastore.running.size).to.equal(0);
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
