import { expect } from 'chai';
import { NetmgrError } from '../../../src/errors.js';
import { SnmpSession, type SnmpUser } from '../../../src/manager/snmp/snmp-session.js';
import type { Oid } from '../../../src/mib/value.js';
import {
  freePort,
  MANAGER,
  READER,
  startPrivateSnmpd,
  type PrivateSnmpd,
} from '../../agent/snmpd/private-snmpd.js';

const SYS_NAME: Oid = [1, 3, 6, 1, 2, 1, 1, 5, 0];
const SYS_CONTACT: Oid = [1, 3, 6, 1, 2, 1, 1, 4, 0];
const SYS_OR_ENTRY: Oid = [1, 3, 6, 1, 2, 1, 1, 9, 1];

const user = ({ user: name, secrets }: typeof MANAGER): SnmpUser => ({
  name,
  authSecret: secrets.auth,
  privSecret: secrets.priv,
});

const failure = async (work: Promise<unknown>): Promise<NetmgrError> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof NetmgrError) return error;
  throw new Error(`no NetmgrError but ${String(error)}`);
};

describe('SnmpSession', function () {
  let snmpd: PrivateSnmpd;
  const open: SnmpSession[] = [];

  before(async function () {
    if (process.getuid?.() !== 0) {
      process.stderr.write('NOT TESTED: SNMP sessions: no root\n');
      this.skip();
    }
    snmpd = await startPrivateSnmpd({ sysName: 'the host' });
  });

  after(async () => {
    await snmpd.remove();
  });

  afterEach(() => {
    for (const session of open.splice(0)) session.close();
  });

  const connect = (who: SnmpUser, port = snmpd.port, heard: string[] = []): SnmpSession => {
    const agent = { host: 'host1', address: '127.0.0.1', port };
    const session = new SnmpSession(agent, who, { timeout: 500, retries: 0 }, (request) =>
      heard.push(request),
    );
    open.push(session);
    return session;
  };

  it('gets values in the order asked for, and tells of each request', async () => {
    const heard: string[] = [];
    const session = connect(user(MANAGER), snmpd.port, heard);
    const [contact, name] = await session.get([SYS_CONTACT, SYS_NAME]);
    expect(contact?.oid).to.deep.equal(SYS_CONTACT);
    expect(name?.value).to.deep.equal({ type: 'OctetString', value: Buffer.from('the host') });
    expect(heard).to.deep.equal(['get']);
  });

  it('walks the columns it is asked for, and no others', async () => {
    const columns = [
      [...SYS_OR_ENTRY, 2],
      [...SYS_OR_ENTRY, 3],
    ];
    const found = await connect(user(MANAGER)).walkColumns(columns);
    const { stdout } = await snmpd.tool('snmpwalk', [[...SYS_OR_ENTRY].join('.')]);
    const walked = stdout.split('\n').flatMap((line) => /^\.([0-9.]+) = /.exec(line)?.[1] ?? []);
    const wanted = walked.filter((oid) => columns.some((column) => oid.startsWith(`${column.join('.')}.`)));
    expect(wanted).to.not.be.empty;
    expect(found.map(({ oid }) => oid.join('.'))).to.have.members(wanted);
  });

  it('says what an agent does not have', async () => {
    const error = await failure(connect(user(MANAGER)).get([[1, 3, 6, 1, 2, 1, 1, 99, 0]]));
    expect(error.toJSON()).to.include({ kind: 'Unreachable', subject: 'host1' });
    expect(error.message).to.contain('1.3.6.1.2.1.1.99.0');
  });

  it('says that a user may not write', async () => {
    const value = { type: 'OctetString', value: Buffer.from('x') } as const;
    const error = await failure(connect(user(READER)).set([{ oid: SYS_CONTACT, value }]));
    expect(error.toJSON()).to.include({ kind: 'AccessDenied', subject: 'host1' });
    expect(error.hint).to.contain('may read but not write');
  });

  it('tells wrong secrets and unknown users from an agent that is not there', async () => {
    const wrong = await failure(connect({ ...user(MANAGER), authSecret: 'not the secret' }).get([SYS_NAME]));
    expect(wrong.kind).to.equal('AccessDenied');
    const unknown = await failure(connect({ ...user(MANAGER), name: 'nobody' }).get([SYS_NAME]));
    expect(unknown.kind).to.equal('AccessDenied');
    const absent = await failure(connect(user(MANAGER), await freePort()).get([SYS_NAME]));
    expect(absent.kind).to.equal('Unreachable');
    expect(absent.message).to.contain('127.0.0.1 port ');
    for (const error of [wrong, unknown, absent]) {
      expect(error.subject).to.equal('host1');
      expect(JSON.stringify(error)).to.not.contain('not the secret');
    }
  });

  it('goes on after a request that failed', async () => {
    const session = connect(user(MANAGER));
    const [failed, value] = await Promise.all([
      failure(session.get([[1, 3, 6, 1, 2, 1, 1, 99, 0]])),
      session.get([SYS_NAME]),
    ]);
    expect(failed.kind).to.equal('Unreachable');
    expect(value).to.have.lengthOf(1);
  });
});
