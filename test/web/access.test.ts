import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { NetmgrError } from '../../src/errors.js';
import { isSameSecret, readToken } from '../../src/web/server/access-token.js';
import { Guard } from '../../src/web/server/guard.js';
import { isKnownHost } from '../../src/web/server/is-known-host.js';
import { isLoopback, parseListenAddress } from '../../src/web/server/listen-address.js';
import { expectInvalid } from '../units/expect-invalid.js';

const TOKEN = 'a-token-of-some-length';
const NOTHING = { authorization: undefined, cookie: undefined, token: undefined };

describe('the address to listen on', () => {
  for (const [text, host, port, isOwn] of [
    ['127.0.0.1:8080', '127.0.0.1', 8080, true],
    ['127.9.9.9:0', '127.9.9.9', 0, true],
    ['localhost:80', 'localhost', 80, true],
    ['[::1]:8080', '::1', 8080, true],
    ['0.0.0.0:8080', '0.0.0.0', 8080, false],
    ['[::]:8080', '::', 8080, false],
    ['[::ffff:10.0.0.1]:1', '::ffff:10.0.0.1', 1, false],
    ['192.168.1.4:65535', '192.168.1.4', 65535, false],
  ] as const) {
    it(`may be ${text}, ${isOwn ? 'for this machine alone' : 'for others'}`, () => {
      expect(parseListenAddress(text)).to.deep.equal({ host, port });
      expect(isLoopback(host)).to.equal(isOwn);
    });
  }

  for (const text of [
    '8080',
    ':8080',
    '127.0.0.1',
    '127.0.0.1:65536',
    '::1:8080',
    'host:80',
    '[1.2.3.4]:1',
    '',
  ]) {
    it(`is not "${text}"`, () => expectInvalid(() => parseListenAddress(text)));
  }
});

describe('the Host header', () => {
  for (const host of [
    '127.0.0.1:8080',
    'localhost',
    'LOCALHOST:9',
    '[::1]:8080',
    '10.0.0.7',
    'nms.example:80',
    'NMS.example',
  ]) {
    it(`may be ${host}`, () => expect(isKnownHost(host, ['nms.example'])).to.equal(true));
  }
  for (const host of [
    undefined,
    '',
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.',
    'a@localhost',
    '[::1',
    '[localhost]:1',
  ]) {
    it(`may not be ${String(host)}`, () => expect(isKnownHost(host, ['nms.example'])).to.equal(false));
  }
});

describe('the token', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'netmgr-token-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const file = (text: string, mode = 0o600): string => {
    const path = join(directory, 'token');
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const failure = async (work: Promise<unknown>): Promise<NetmgrError> => {
    const thrown: unknown = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (thrown instanceof NetmgrError) return thrown;
    throw new Error(`no NetmgrError: ${String(thrown)}`);
  };

  it('is in a file, or else in a variable, or nowhere', async () => {
    const environment = { NETMGR_WEB_TOKEN: `${TOKEN}-2` };
    expect(await readToken(file(`# mine\ntoken=${TOKEN}\n`), environment)).to.equal(TOKEN);
    expect(await readToken(undefined, environment)).to.equal(`${TOKEN}-2`);
    expect(await readToken(undefined, {})).to.equal(undefined);
  });

  it('is refused where others could read it, where it is short, and where there is none, without being told', async () => {
    expect((await failure(readToken(file(`token=${TOKEN}`, 0o640)))).kind).to.equal('AccessDenied');
    expect((await failure(readToken(file('token=geheim')))).message).to.not.contain('geheim');
    expect((await failure(readToken(file('nothing')))).kind).to.equal('InvalidInput');
    expect((await failure(readToken(undefined, { NETMGR_WEB_TOKEN: '' }))).kind).to.equal('InvalidInput');
    expect((await failure(readToken(join(directory, 'none')))).kind).to.equal('InvalidInput');
  });

  it('is the same only if all of it is', () => {
    expect(isSameSecret(TOKEN, TOKEN)).to.equal(true);
    for (const other of ['', TOKEN.slice(1), `${TOKEN}x`, TOKEN.toUpperCase()]) {
      expect(isSameSecret(other, TOKEN), other).to.equal(false);
    }
  });
});

describe('the guard', () => {
  it('lets everybody pass if there is no token', () => {
    expect(new Guard(undefined).judge(NOTHING)).to.equal('pass');
  });

  it('lets nobody pass who shows nothing, or something else', () => {
    const guard = new Guard(TOKEN);
    for (const shown of [
      NOTHING,
      { ...NOTHING, token: '' },
      { ...NOTHING, token: `${TOKEN}x` },
      { ...NOTHING, authorization: `Bearer ${TOKEN}x` },
      { ...NOTHING, authorization: `Basic ${TOKEN}` },
      { ...NOTHING, cookie: `netmgr-80=${TOKEN}` },
      { ...NOTHING, cookie: `netmgr-80=${'0'.repeat(64)}` },
    ]) {
      expect(guard.judge(shown), JSON.stringify(shown)).to.equal('refuse');
    }
  });

  it('lets those pass who show the token, and then its cookie among others', () => {
    const guard = new Guard(TOKEN);
    expect(guard.judge({ ...NOTHING, authorization: `Bearer ${TOKEN}` })).to.equal('pass');
    expect(guard.judge({ ...NOTHING, token: TOKEN })).to.equal('enter');
    const cookie = guard.cookie(8080);
    expect(cookie)
      .to.match(/; HttpOnly/)
      .and.match(/; SameSite=Strict/)
      .and.not.contain(TOKEN);
    const [pair = ''] = cookie.split(';');
    expect(guard.judge({ ...NOTHING, cookie: `other=1; netmgr-1=${'0'.repeat(64)}; ${pair}` })).to.equal(
      'pass',
    );
    expect(new Guard(TOKEN).judge({ ...NOTHING, cookie: pair })).to.equal('refuse');
  });
});
