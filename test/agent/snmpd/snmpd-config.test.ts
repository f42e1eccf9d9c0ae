import { expect } from 'chai';
import { snmpdConfig, type SnmpdConfig } from '../../../src/agent/snmpd/snmpd-config.js';
import { addUsers, usersOfEngines } from '../../../src/agent/snmpd/snmpd-users.js';
import { NetmgrError } from '../../../src/errors.js';

const config: SnmpdConfig = {
  address: 'udp:127.0.0.1:161',
  agentxSocket: '/run/netmgr/agentx.sock',
  engineId: '80007ed905aa',
  manager: 'netmgr',
};

describe('the configuration of snmpd', () => {
  it('gives the manager and the reader what each may do, and nobody else', () => {
    const access = snmpdConfig({ ...config, reader: 'nms' })
      .split('\n')
      .filter((line) => /^(?:view|group|access|r[ow]|com2sec|trap)/.test(line));
    expect(access).to.deep.equal([
      'view netmgrR included .1.3.6.1.2.1',
      'view netmgrR included .1.3.6.1.4.1.32473.1',
      'view netmgrR included .1.3.6.1.6.3.10.2.1',
      'view netmgrR included .1.3.6.1.6.3.11.2.1',
      'view netmgrR included .1.3.6.1.6.3.15.1.1',
      'view netmgrW included .1.3.6.1.4.1.32473.1.1.2',
      'view netmgrW included .1.3.6.1.4.1.32473.1.1.3',
      'view netmgrW included .1.3.6.1.4.1.32473.1.1.5',
      'view netmgrW included .1.3.6.1.4.1.32473.1.1.6',
      'group netmgrG usm netmgr',
      'access netmgrG "" usm priv exact netmgrR netmgrW netmgrR',
      'rouser -s usm nms priv -V netmgrR',
    ]);
  });

  it('sends traps and informs as the reader, to each receiver once', () => {
    const lines = snmpdConfig({
      ...{ ...config, reader: 'nms', notify: ['udp:10.0.0.5:162', 'udp:10.0.0.5:162', 'udp6:[fd00::5]:162'] },
      inform: [{ address: 'udp:10.0.0.6:162', engineId: '80007ed905cc' }],
    });
    expect(lines.split('\n').filter((line) => line.startsWith('trap'))).to.deep.equal([
      'trapsess -v 3 -u nms -l authPriv udp:10.0.0.5:162',
      'trapsess -v 3 -u nms -l authPriv udp6:[fd00::5]:162',
      'trapsess -v 3 -u nms -l authPriv -Ci -e 0x80007ed905cc udp:10.0.0.6:162',
    ]);
  });

  const refused: [string, Partial<SnmpdConfig>][] = [
    ['traps without a reader', { notify: ['udp:10.0.0.5:162'] }],
    ['a receiver that is a group', { reader: 'nms', notify: ['udp:224.0.0.1:162'] }],
    ['a receiver with a second word', { reader: 'nms', notify: ['udp:10.0.0.5:162 -Ci'] }],
    ['an address of a second port', { address: 'udp:127.0.0.1:161,udp:0.0.0.0:161' }],
    ['an address with a second line', { address: 'udp:127.0.0.1:161\nrwcommunity public' }],
    ['TCP', { address: 'tcp:127.0.0.1:161' }],
    ['port 0', { address: 'udp:127.0.0.1:0' }],
    ['half an IP address', { address: 'udp:127.0.0:161' }],
    ['a socket path of 108 characters', { agentxSocket: `/${'a'.repeat(107)}` }],
    ['a socket path with a comma', { agentxSocket: '/run/a,tcp:705' }],
    ['a relative socket path', { agentxSocket: 'agentx.sock' }],
    ['a user name with a blank', { manager: 'a b' }],
    ['a user name with a line', { reader: 'nms\nrwcommunity' }],
    ['a system name with a line', { sysName: 'a\nrwcommunity public' }],
    ['a system name with a quote', { sysName: '"a' }],
  ];
  for (const [what, change] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => snmpdConfig({ ...config, ...change })).to.throw(NetmgrError);
    });
  }

  it('accepts IPv6 and a socket path of 107 characters', () => {
    const agentxSocket = `/${'a'.repeat(106)}`;
    expect(snmpdConfig({ ...config, address: 'udp6:[::1]:161', agentxSocket })).to.contain(
      'agentaddress udp6:[::1]:161\n',
    );
  });
});

describe('the users of snmpd', () => {
  const secrets = { auth: 'authentication', priv: 'encryption' };
  const keys =
    'usmUser 1 3 0x80007ed905aa "netmgr" "netmgr" NULL .1.3.6.1.6.3.10.1.1.5 0x01 .1.3.6.1.6.3.10.1.2.4 0x02 ""';
  const own = { user: 'netmgr', engineId: '80007ed905aa' };
  const line = 'createUser netmgr SHA-256 "authentication" AES "encryption"';

  it('creates a user that is missing', () => {
    expect(addUsers('engineBoots 3\n', [{ ...own, secrets }], false)).to.equal(`engineBoots 3\n${line}\n`);
  });

  it('leaves a user that is there', () => {
    for (const present of [`${keys}\n`, `${line}\n`]) {
      expect(addUsers(present, [{ ...own, secrets }], false)).to.equal(present);
      expect(addUsers(present, [own], true)).to.equal(present);
    }
  });

  it('leaves a user whose name snmpd wrote in hexadecimal', () => {
    const present = `${keys.replaceAll('"netmgr"', '0x6e65742d6d6772')}\n`;
    expect(addUsers(present, [{ ...own, user: 'net-mgr' }], false)).to.equal(present);
    expect(() => addUsers(present, [{ ...own, user: 'net-mg' }], false)).to.throw('does not exist');
  });

  it('creates a user again for new secrets, and for another engine', () => {
    expect(addUsers(`${keys}\n`, [{ ...own, secrets }], true)).to.equal(`${line}\n`);
    expect(addUsers(`${keys}\n`, [{ ...own, engineId: '80007ed905bb', secrets }], false)).to.contain(line);
  });

  it('gives the reader keys for the engine of a receiver of informs', () => {
    const users = usersOfEngines(
      { manager: { user: 'netmgr' }, reader: { user: 'nms', secrets } },
      ...(['80007ed905aa', [{ address: 'udp:10.0.0.5:162', engineId: '80007ed905cc' }]] as const),
    );
    const own = keys.replaceAll('"netmgr"', '"nms"');
    const present = `${keys}\n${own}\n`;
    const remote = 'createUser -e 0x80007ed905cc nms SHA-256 "authentication" AES "encryption"';
    expect(addUsers(present, users, false)).to.equal(`${present}${remote}\n`);
    for (const known of [remote, own.replace('80007ed905aa', '80007ed905cc')]) {
      expect(addUsers(`${present}${known}\n`, users, false)).to.equal(`${present}${known}\n`);
    }
  });

  const wrong: [string, { auth: string; priv: string } | undefined][] = [
    ['no secrets', undefined],
    ['7 characters', { ...secrets, auth: '1234567' }],
    ['129 characters', { ...secrets, priv: 'a'.repeat(129) }],
    ['a quote', { ...secrets, auth: 'authent"ication' }],
    ['a backslash', { ...secrets, priv: 'encr\\yption' }],
    ['a line feed', { ...secrets, priv: 'encryption\nrwcommunity public' }],
    ['a letter that is not ASCII', { ...secrets, priv: 'encryptiön' }],
    ['the same secret twice', { auth: 'authentication', priv: 'authentication' }],
  ];
  for (const [what, given] of wrong) {
    it(`refuses ${what}, without repeating the secret`, () => {
      expect(() => addUsers('', [{ ...own, secrets: given }], false))
        .to.throw(NetmgrError)
        .with.property('message')
        .that.does.not.match(/rwcommunity|authent"|1234567|encr\\|aaaa/);
    });
  }
});
