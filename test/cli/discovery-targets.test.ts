import { expect } from 'chai';
import { chooseCredentials, parseHost, targetOf } from '../../src/cli/commands/discovery-targets.js';
import { NetmgrError } from '../../src/errors.js';

const FLAGS = { user: 'netmgr', auth: 'SHA-256', priv: 'AES-128', from: 'env:NETMGR_LAB' } as const;
const OWN = { ...FLAGS, name: 'own', user: 'me' };
const OTHER = { ...FLAGS, name: 'other' };

describe('a host that is to be asked', () => {
  for (const [text, name, place, port] of [
    ['172.16.0.1', undefined, '172.16.0.1', 161],
    ['host1=172.16.0.1:1161', 'host1', '172.16.0.1', 1161],
    ['fd00::1', undefined, 'fd00::1', 161],
    ['h=[fd00::1]:1161', 'h', 'fd00::1', 1161],
    ['[fd00::1]', undefined, 'fd00::1', 161],
    ['h.example.org:99', undefined, 'h.example.org', 99],
  ] as const) {
    it(`may be written ${text}`, () => {
      expect(parseHost(text)).to.deep.equal({ ...(name === undefined ? {} : { name }), place, port });
    });
  }

  for (const text of [
    '',
    '=1.2.3.4',
    'a b=1.2.3.4',
    '1.2.3.4:0',
    '1.2.3.4:65536',
    '1.2.3.4:x',
    '[1.2.3.4',
    'a;b',
    'x=',
    'h=[::1]:',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(() => parseHost(text)).to.throw(NetmgrError, 'is no host to ask');
    });
  }

  it('has an address, or one that the DNS knows', async () => {
    const found = await targetOf(parseHost('localhost:162'), OWN);
    expect(found).to.deep.include({ name: 'localhost', port: 162, credentials: OWN });
    const nowhere = await targetOf(parseHost('nowhere.invalid'), OWN).catch((error: unknown) => error);
    expect(nowhere).to.be.instanceOf(NetmgrError).with.property('message').that.contains('nowhere.invalid');
  });

  it('has the credentials that are named, those of the file, or new ones', () => {
    expect(chooseCredentials(FLAGS)).to.deep.equal({ ...FLAGS, name: 'lab' });
    expect(chooseCredentials(FLAGS, [OWN])).to.equal(OWN);
    expect(chooseCredentials(FLAGS, [OWN, OTHER])).to.deep.equal({ ...FLAGS, name: 'lab' });
    expect(chooseCredentials({ ...FLAGS, credentials: 'other' }, [OWN, OTHER])).to.equal(OTHER);
    expect(chooseCredentials({ ...FLAGS, credentials: 'new' }, [OWN])).to.deep.equal({
      ...FLAGS,
      name: 'new',
    });
  });
});
