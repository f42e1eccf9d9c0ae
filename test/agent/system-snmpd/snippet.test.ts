import { expect } from 'chai';
import { snmpdConfig } from '../../../src/agent/snmpd/snmpd-config.js';
import { isSnippet, snippetText, type Snippet } from '../../../src/agent/system-snmpd/snippet.js';
import { NetmgrError } from '../../../src/errors.js';

const snippet: Snippet = { manager: 'netmgr', reader: 'nms', notify: ['udp:10.0.0.5:162'] };

describe("what the system's snmpd is told", () => {
  it('is how to treat subagents, who may do what, and whom to notify', () => {
    const [mark, ...lines] = snippetText(snippet).split('\n');
    expect(mark).to.match(/^# Made by netmgr/);
    expect(lines).to.deep.equal([
      'master agentx',
      'agentXTimeout 15',
      'agentXRetries 0',
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
      'trapsess -v 3 -u nms -l authPriv udp:10.0.0.5:162',
      '',
    ]);
  });

  it('is part of what a private one is told, which also has to know who and where it is', () => {
    const own = snmpdConfig({
      ...{ ...snippet, address: 'udp:127.0.0.1:161', agentxSocket: '/run/x', engineId: 'aa' },
    });
    const lines = own.split('\n');
    expect(lines).to.include.members(snippetText(snippet).split('\n').slice(1));
    const more = lines.filter((line) => !snippetText(snippet).split('\n').includes(line));
    expect(more.map((line) => line.split(' ')[0])).to.have.members([
      'agentaddress',
      'exactEngineID',
      'dontLogTCPWrappersConnects',
      'agentXSocket',
      'agentXPerms',
    ]);
  });

  it('names the socket only where that is asked for', () => {
    expect(snippetText(snippet)).not.to.contain('agentXSocket');
    expect(snippetText({ ...snippet, agentxSocket: '/run/agentx/master' })).to.contain(
      '\nagentXSocket unix:/run/agentx/master\n',
    );
  });

  const refused: [string, Partial<Snippet>][] = [
    ['a user name with a line', { manager: 'x\nrwcommunity public' }],
    ['a reader with a blank', { reader: 'a b' }],
    ['a receiver with a line', { notify: ['udp:10.0.0.5:162\nrwcommunity public'] }],
    ['receivers without a reader', { reader: undefined }],
    ['a socket with a comma', { agentxSocket: '/run/a,tcp:705' }],
    ['a relative socket', { agentxSocket: 'master' }],
  ];
  for (const [what, change] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => snippetText({ ...snippet, ...change })).to.throw(NetmgrError);
    });
  }

  it('is known again by its first line', () => {
    expect(isSnippet(snippetText(snippet))).to.equal(true);
    for (const other of ['', 'master agentx\n', `\n${snippetText(snippet)}`]) {
      expect(isSnippet(other)).to.equal(false);
    }
  });
});
