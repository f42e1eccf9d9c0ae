import { expect } from 'chai';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needsSocketLine } from '../../../src/agent/system-snmpd/agentx-socket.js';
import { directivesOf } from '../../../src/agent/system-snmpd/directives.js';
import { notesOn } from '../../../src/agent/system-snmpd/notes.js';
import { readSystemConf, type SystemConf } from '../../../src/agent/system-snmpd/system-conf.js';
import { NetmgrError } from '../../../src/errors.js';

describe("the configuration of the system's snmpd", () => {
  let root: string;
  let conf: string;
  let snippet: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'netmgr-system-conf-'));
    conf = join(root, 'snmpd.conf');
    snippet = join(`${conf}.d`, 'netmgr.conf');
    await mkdir(`${conf}.d`);
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  const read = async (text: string): Promise<SystemConf> => {
    await writeFile(conf, text);
    return readSystemConf(conf, snippet);
  };
  const failure = async (work: Promise<unknown>): Promise<NetmgrError> => {
    const thrown: unknown = await work.catch((error: unknown) => error);
    if (!(thrown instanceof NetmgrError)) throw new Error(`no NetmgrError but ${String(thrown)}`);
    return thrown;
  };

  it('is read with what it includes, but not what netmgr wrote', async () => {
    await writeFile(snippet, 'agentXSocket unix:/ours\n');
    await writeFile(join(`${conf}.d`, 'b.conf'), 'agentaddress udp:172.16.0.1:161\n');
    await writeFile(join(`${conf}.d`, 'a.conf'), 'sysContact me\n');
    await writeFile(join(`${conf}.d`, 'a.conf.bak'), 'sysContact you\n');
    const { directives, includesSnippets } = await read(
      `# master agentx\n\n  AgentAddress  127.0.0.1,[::1] \nmaster\nincludeDir ${conf}.d/\n`,
    );
    expect(includesSnippets).to.equal(true);
    expect(directives).to.deep.equal([
      { token: 'agentaddress', value: '127.0.0.1,[::1]', file: conf },
      { token: 'master', value: '', file: conf },
      { token: 'includedir', value: `${conf}.d/`, file: conf },
      { token: 'syscontact', value: 'me', file: join(`${conf}.d`, 'a.conf') },
      { token: 'agentaddress', value: 'udp:172.16.0.1:161', file: join(`${conf}.d`, 'b.conf') },
    ]);
  });

  it('need not include what is beside it, and that is told', async () => {
    await writeFile(join(`${conf}.d`, 'a.conf'), 'sysContact me\n');
    for (const text of ['', `#includeDir ${conf}.d\n`, 'includeDir /etc/other\n']) {
      const found = await read(text);
      expect(found.includesSnippets, text).to.equal(false);
      expect(found.directives.filter(({ token }) => token === 'syscontact')).to.deep.equal([]);
      expect(notesOn(conf, found)).to.deep.equal([
        `${conf} does not include ${conf}.d: add the line "includeDir ${conf}.d" to it`,
      ]);
    }
    expect(notesOn(conf, await read(`includeFile ${snippet}\n`))).to.deep.equal([]);
  });

  it('says who may read it, and so what is added to it', async () => {
    await read('');
    const { gid } = await stat(conf);
    for (const [mode, added] of [
      [0o640, 0o640],
      [0o600, 0o600],
      [0o666, 0o644],
    ] as const) {
      await chmod(conf, mode);
      const { rights } = await readSystemConf(conf, snippet);
      expect(rights).to.deep.equal({ uid: process.getuid?.(), gid, mode: added });
    }
  });

  it('has to be there, with the directory beside it', async () => {
    const none = await failure(readSystemConf(conf, snippet));
    expect([none.kind, none.subject]).to.deep.equal(['InvalidInput', conf]);
    await writeFile(conf, '');
    await rm(`${conf}.d`, { recursive: true });
    const noDirectory = await failure(readSystemConf(conf, snippet));
    expect(noDirectory.hint).to.contain(`includeDir ${conf}.d`);
  });
});

describe('where snmpd listens', () => {
  const notes = (text: string): readonly string[] =>
    notesOn('/etc/snmp/snmpd.conf', {
      directives: directivesOf(text, '/etc/snmp/snmpd.conf'),
      includesSnippets: true,
      rights: { uid: 0, gid: 0, mode: 0o600 },
    });

  for (const text of [
    'agentaddress 127.0.0.1,[::1]',
    'agentaddress udp:127.0.0.1:161,udp6:[::1]:161',
    'agentaddress localhost:161\nagentaddress unix:/run/snmp',
    'agentaddress udp6:::1',
  ]) {
    it(`is told where nobody else reaches it: ${text.replace('\n', ', ')}`, () => {
      expect(notes(text)).to.have.lengthOf(1);
      expect(notes(text)[0]).to.contain('only').and.to.contain('/etc/snmp/snmpd.conf');
    });
  }

  for (const text of [
    '',
    'agentaddress 161',
    'agentaddress udp:161,udp6:161',
    'agentaddress 127.0.0.1,[::1]\nagentaddress 172.16.0.1',
    'agentaddress 12.7.0.1',
    'agentaddress udp6:[fd00::1]:161',
  ]) {
    it(`is nothing to tell of otherwise: ${text.replace('\n', ', ')}`, () => {
      expect(notes(text)).to.deep.equal([]);
    });
  }
});

describe('who may write all', () => {
  const notes = (text: string): readonly string[] =>
    notesOn('conf', {
      directives: directivesOf(text, 'conf'),
      includesSnippets: true,
      rights: { uid: 0, gid: 0, mode: 0o600 },
    });

  it('is told', () => {
    for (const text of [
      'rwcommunity private',
      'rwcommunity6 x default',
      'rwuser admin',
      'rwuser -s usm admin priv',
    ]) {
      expect(notes(text).join(), text).to.contain(`${text.split(' ')[0] ?? ''} in conf names no view`);
    }
  });

  it('is not who has a view or may only read', () => {
    for (const text of [
      'rocommunity public',
      'rwcommunity x default -V some',
      'rwuser admin priv .1.3.6.1.2.1',
    ]) {
      expect(notes(text), text).to.deep.equal([]);
    }
  });
});

describe('where snmpd awaits subagents', () => {
  const needs = (text: string, socket: string): boolean =>
    needsSocketLine(directivesOf(text, 'file'), socket);

  it('is written only if it is another place than by default, and nobody else said so', () => {
    expect(needs('', '/var/agentx/master')).to.equal(false);
    expect(needs('', '/run/agentx/master')).to.equal(true);
    for (const value of [
      '/run/agentx/master',
      'unix:/run/agentx/master',
      'tcp:localhost:705,unix:/run/agentx/master',
    ]) {
      expect(needs(`agentXSocket ${value}\n`, '/run/agentx/master'), value).to.equal(false);
    }
  });

  it('is not taken away from other subagents', () => {
    expect(() => needs('agentxsocket tcp:localhost:705\n', '/var/agentx/master'))
      .to.throw(NetmgrError)
      .that.includes({ kind: 'Conflict', subject: 'file' })
      .with.property('hint')
      .that.contains('tcp:localhost:705,unix:/var/agentx/master');
    expect(() => needs('agentXSocket /run/agentx\n', '/var/agentx/master'))
      .to.throw(NetmgrError)
      .with.property('hint')
      .that.contains('--system-snmpd /run/agentx');
  });
});
