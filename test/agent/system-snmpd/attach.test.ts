import { expect } from 'chai';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processMark } from '../../../src/agent/processes/marked-run.js';
import {
  attach,
  checkAttachment,
  type Attached,
  type Attachment,
} from '../../../src/agent/system-snmpd/attach.js';
import { findWriters } from '../../../src/agent/system-snmpd/find-writers.js';
import { readPersistent, writePersistent } from '../../../src/agent/system-snmpd/persistent-file.js';
import { SnippetFile } from '../../../src/agent/system-snmpd/snippet-file.js';
import { NetmgrError } from '../../../src/errors.js';
import { observeProcess } from '../../../src/process/process-identity.js';
import { start, type RunningProcess } from '../../../src/process/run.js';

const ENGINE = '80001f88807c61a631f9dc0a6b00000000';
const userLine = (user: string): string =>
  `usmUser 1 3 0x${ENGINE} "${user}" "${user}" NULL .1.3.6.1.6.3.10.1.1.5 0x01 .1.3.6.1.6.3.10.1.2.4 0x02 ""\n`;
/** As snmpd leaves it. */
const PERSISTENT = `# STOP\n\n${userLine('nms')}${userLine('netmgr')}engineBoots 2\noldEngineID 0x${ENGINE}\n`;
const SECRETS = ['manager.user=netmgr', 'reader.user=nms', ''].join('\n');

async function failure(work: Promise<unknown>): Promise<NetmgrError> {
  const thrown: unknown = await work.catch((error: unknown) => error);
  if (!(thrown instanceof NetmgrError)) throw new Error(`no NetmgrError but ${String(thrown)}`);
  return thrown;
}

describe("the files of the system's snmpd", () => {
  let root: string;
  let attachment: Attachment;
  const bystanders: RunningProcess[] = [];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'netmgr-attach-'));
    const at = (name: string): string => join(root, name);
    attachment = {
      agentxSocket: '/var/agentx/master',
      conf: at('etc/snmpd.conf'),
      persistent: at('lib/snmpd.conf'),
      stateDirectory: at('state'),
      secretsFile: at('secrets'),
    };
    await mkdir(at('etc/snmpd.conf.d'), { recursive: true });
    await mkdir(at('lib'));
    await copyFile('/bin/sleep', at('snmpd'));
    await writeFile(attachment.conf, `includeDir ${attachment.conf}.d\n`, { mode: 0o640 });
    await writeFile(attachment.persistent, PERSISTENT, { mode: 0o600 });
    await writeFile(at('secrets'), SECRETS, { mode: 0o600 });
  });
  afterEach(async () => {
    for (const bystander of bystanders.splice(0)) {
      bystander.kill('SIGKILL');
      await bystander;
    }
    await rm(root, { recursive: true });
  });

  const install = async (more: Partial<Attachment> = {}): Promise<Attached> =>
    attach(await checkAttachment({ ...attachment, ...more }));
  const snippet = (): string => new SnippetFile(attachment.conf).path;

  it('are written once, and again only where something is another', async () => {
    const first = await install();
    expect(first).to.deep.equal({
      engineId: ENGINE,
      users: 'unchanged',
      snippet: { path: snippet(), state: 'written' },
      notes: [],
    });
    expect((await lstat(snippet())).mode & 0o777).to.equal(0o640);
    // The names of the users are remembered.
    expect((await install({ secretsFile: undefined })).snippet.state).to.equal('unchanged');
    const other = await install({ notify: ['udp:10.0.0.5:162'] });
    expect(other.snippet.state).to.equal('replaced');
    expect(await readFile(snippet(), 'utf8')).to.contain('udp:10.0.0.5:162');
    expect(await readFile(attachment.persistent, 'utf8')).to.equal(PERSISTENT);
    expect(await readdir(`${attachment.conf}.d`)).to.deep.equal(['netmgr.conf']);
  });

  it('name receivers of informs, for whose engines the reader has keys', async () => {
    const engine = '80007ed905cc';
    const inform = [`udp:10.0.0.6:162=${engine}`];
    expect((await failure(install({ inform }))).message).to.contain(`0x${engine}`);
    await writeFile(attachment.persistent, PERSISTENT + userLine('nms').replace(ENGINE, engine));
    await install({ inform });
    expect(await readFile(snippet(), 'utf8')).to.contain(
      `trapsess -v 3 -u nms -l authPriv -Ci -e 0x${engine} udp:10.0.0.6:162\n`,
    );
  });

  it('stay as they are where anything speaks against it', async () => {
    await writeFile(join(root, 'unknown'), 'manager.user=somebody\n', { mode: 0o600 });
    for (const more of [
      { agentxSocket: 'relative' },
      { secretsFile: undefined },
      { secretsFile: join(root, 'unknown') },
      { notify: ['everybody'] },
      { conf: join(root, 'none') },
      { persistent: join(root, 'none/snmpd.conf') },
    ]) {
      const error = await failure(install(more));
      expect(error.kind, JSON.stringify(more)).to.equal('InvalidInput');
      expect(error.hint, JSON.stringify(more)).to.be.a('string');
    }
    expect(await readdir(`${attachment.conf}.d`)).to.deep.equal([]);
    expect(await readFile(attachment.persistent, 'utf8')).to.equal(PERSISTENT);
    expect(await readdir(root)).not.to.include('state');
  });

  it("are not written through links, nor over what is not netmgr's", async () => {
    await writeFile(join(root, 'target'), 'untouched');
    for (const lay of [
      () => symlink(join(root, 'target'), snippet()),
      () => writeFile(snippet(), 'sysContact me\n'),
    ]) {
      await lay();
      expect((await failure(install())).kind).to.equal('Conflict');
      expect((await failure(new SnippetFile(attachment.conf).remove())).kind).to.equal('Conflict');
      await rm(snippet());
    }
    await rm(attachment.persistent);
    await symlink(join(root, 'target'), attachment.persistent);
    expect((await failure(install())).kind).to.equal('Conflict');
    expect(await readFile(join(root, 'target'), 'utf8')).to.equal('untouched');
  });

  it('lose only what netmgr wrote', async () => {
    const file = new SnippetFile(attachment.conf);
    expect(await file.remove()).to.equal('absent');
    await install();
    expect(await file.remove()).to.equal('removed');
    expect(await readdir(`${attachment.conf}.d`)).to.deep.equal([]);
  });

  it('keep their rights, and a new one has those of its directory', async () => {
    const { persistent } = attachment;
    await chmod(persistent, 0o640);
    const present = await readPersistent(persistent);
    expect(present).to.include({ text: PERSISTENT, engineId: ENGINE });
    await writePersistent(persistent, 'other\n', present.rights);
    expect((await lstat(persistent)).mode & 0o777).to.equal(0o640);
    await rm(persistent);
    const { uid, gid } = await lstat(join(root, 'lib'));
    expect(await readPersistent(persistent)).to.deep.equal({
      text: '',
      engineId: undefined,
      rights: { uid, gid, mode: 0o600 },
    });
  });

  it('are replaced, whatever link lies where the new one is made', async () => {
    const { persistent } = attachment;
    await writeFile(join(root, 'target'), 'untouched');
    await symlink(join(root, 'target'), `${persistent}.new`);
    const { rights } = await readPersistent(persistent);
    await writePersistent(persistent, 'other\n', rights);
    expect(await readFile(join(root, 'target'), 'utf8')).to.equal('untouched');
    expect(await readFile(persistent, 'utf8')).to.equal('other\n');
    expect((await lstat(persistent)).isFile()).to.equal(true);
  });

  /** A process of that name, which does nothing. */
  async function startSnmpd(env: Readonly<Record<string, string>>): Promise<number> {
    const program = join(root, 'snmpd');
    const process = start([program, '60'], { env });
    bystanders.push(process);
    const { pid = 0 } = process;
    // Between fork and exec it is still this program.
    while ((await observeProcess(pid))?.name !== 'snmpd')
      await new Promise((resolve) => setTimeout(resolve, 10));
    return pid;
  }

  it('are written by those who were told of that directory, and not by others', async () => {
    const { persistent } = attachment;
    const lib = join(root, 'lib');
    await mkdir(join(root, 'other'));
    const writers = [
      await startSnmpd({ SNMP_PERSISTENT_DIR: lib }),
      // However it is called.
      await startSnmpd({ SNMP_PERSISTENT_DIR: `${root}/other/../lib/` }),
      // Its own is not known, and may be this.
      await startSnmpd({}),
    ];
    const others = [
      await startSnmpd({ SNMP_PERSISTENT_DIR: join(root, 'other') }),
      await startSnmpd({ SNMP_PERSISTENT_DIR: join(root, 'none') }),
      await startSnmpd({ SNMP_PERSISTENT_DIR: lib, ...processMark('/var/lib/netmgr/snmpd') }),
    ];
    const found = (await findWriters(persistent)).map(({ pid }) => pid);
    expect(found).to.include.members(writers);
    expect(found.filter((pid) => others.includes(pid))).to.deep.equal([]);
  });

  it('get no users while such a one runs', async () => {
    await startSnmpd({ SNMP_PERSISTENT_DIR: join(root, 'lib') });
    const lines = ['manager.user=somebody', 'manager.auth=a secret of it', 'manager.priv=another one', ''];
    await writeFile(join(root, 'secrets'), lines.join('\n'), { mode: 0o600 });
    const error = await failure(install());
    expect(error.kind).to.equal('Conflict');
    expect(error.message).to.match(/^snmpd runs \(process \d+\)/);
    expect(error.hint).to.contain('systemctl stop snmpd').and.to.contain('systemctl start snmpd');
    expect(await readFile(attachment.persistent, 'utf8')).to.equal(PERSISTENT);
    expect(await readdir(`${attachment.conf}.d`)).to.deep.equal([]);
  });
});
