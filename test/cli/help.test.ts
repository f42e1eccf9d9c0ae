import { expect } from 'chai';
import { netmgr } from './cli-process.js';

const COMMANDS = [
  [],
  ['discover'],
  ['validate'],
  ['graph'],
  ['verify'],
  ['explain'],
  ['plan'],
  ['apply'],
  ['follow'],
  ['status'],
  ['watch'],
  ['serve'],
  ['destroy'],
  ['agent', 'run'],
  ['agent', 'install'],
  ['agent', 'uninstall'],
  ['lab', 'run'],
];

describe('the command line', () => {
  for (const words of COMMANDS) {
    it(`explains ${['netmgr', ...words].join(' ')} with an example`, async () => {
      const { exitCode, stdout, stderr } = await netmgr(...words, '--help');
      expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' });
      expect(stdout)
        .to.match(/Examples?:\n\s+(\$ )?netmgr /)
        .and.contain(['netmgr', ...words].join(' '));
    });
  }

  it('lists each command that it has', async () => {
    const { stdout } = await netmgr('--help');
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) (?:\[|<| )/gm)].map(([, name]) => name);
    const known = new Set(COMMANDS.flatMap(([first]) => (first === undefined ? [] : [first])));
    expect(listed.filter((name) => name !== 'help')).to.have.members([...known]);
  });

  it('says its version', async () => {
    expect((await netmgr('--version')).stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  for (const [what, words] of [
    ['an unknown command', ['aply']],
    ['an unknown option', ['validate', '--quik', 'x.xml']],
    ['a missing file name', ['apply', 'x.xml']],
    ['a timeout that is none', ['status', 'x.xml', '--timeout', '1s']],
    ['an address to listen on that is none', ['serve', 'x.xml', '--listen', '8080']],
    ['an interval that is too short', ['serve', 'x.xml', '--interval', '10ms']],
    ['a log level that is none', ['agent', 'run', '--log-level', 'loud']],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { exitCode, stdout, stderr } = await netmgr(...words);
      expect({ exitCode, stdout }).to.deep.equal({ exitCode: 1, stdout: '' });
      expect(stderr).to.match(/^error: .+/);
    });
  }

  it('says of a file that is not there which one it is', async () => {
    const { exitCode, stdout } = await netmgr('validate', '/nonexistent/real.xml', '--json');
    expect(exitCode).to.equal(1);
    const { ok, errors } = JSON.parse(stdout) as { ok: boolean; errors: { message: string }[] };
    expect(ok).to.equal(false);
    expect(JSON.stringify(errors)).to.contain('/nonexistent/real.xml');
  });
});
