import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { ErrorReport } from '../../src/errors.js';
import { netmgr } from './cli-process.js';

const fixture = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url)), 'utf8');

const REAL = fixture('real-env/pair.xml');
const VIRTUAL = fixture('virtual-env/pair.xml');

const HOSTILE: readonly (readonly [string, (proof: string) => string])[] = [
  ['a semicolon', (proof) => `x;touch ${proof}`],
  ['a command substitution', (proof) => `$(touch ${proof})`],
  ['backquotes', (proof) => `\`touch ${proof}\``],
  ['a quote', (proof) => `x' & touch ${proof} & '`],
  ['a double quote', (proof) => `x" & touch ${proof} & "`],
  ['a newline', () => 'x\nlink del dev vif1.0'],
  ['a terminal sequence', () => 'x\u009b2J'],
];

/** One of each name that reaches a host. The texts stand in the fixtures as `attribute="value"`. */
const REAL_NAMES = [
  'host name="host1"',
  'bridge name="xenbr0"',
  'uplink="eth0"',
  'vm name="proxy1"',
  'vif name="vif1.0"',
  'credentials name="lab" user="netmgr"',
  'mac="00:16:3e:00:01:00"',
  'address="172.16.0.1"',
] as const;
const VIRTUAL_NAMES = [
  'site name="site1"',
  'node vm="proxy1"',
  'network="10.1.0.0/16 fd00:1::/64"',
  'node vm="node1" address="10.1.0.101 fd00:1::101"',
  'link from="site1"',
  'bandwidth="10mbit"',
] as const;

/** As an XML attribute holds it; a newline as a reference, or it would be read as a blank. */
const escaped = (text: string): string =>
  text.replace(/[&<>"'\n\u0080-\u009f]/g, (character) => `&#${String(character.codePointAt(0))};`);

describe('names in files that want to be more than names', () => {
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'netmgr-names-'));
  });

  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const validate = async (
    real: string,
    virtual: string,
  ): Promise<{ exitCode: number; errors: readonly ErrorReport[]; stderr: string }> => {
    writeFileSync(join(directory, 'real.xml'), real);
    writeFileSync(join(directory, 'virtual.xml'), virtual);
    const files = [join(directory, 'real.xml'), join(directory, 'virtual.xml')];
    const { exitCode, stdout, stderr } = await netmgr('validate', ...files, '--json');
    const { errors } = JSON.parse(stdout) as { errors?: ErrorReport[] };
    return { exitCode, errors: errors ?? [], stderr };
  };

  it('are the only thing wrong with what follows', async () => {
    expect(await validate(REAL, VIRTUAL)).to.deep.equal({ exitCode: 0, errors: [], stderr: '' });
  });

  for (const [what, text] of HOSTILE) {
    it(`are refused with their lines: ${what}`, async () => {
      const proof = join(directory, 'executed');
      const hostile = escaped(text(proof));
      const place = (file: string, names: readonly string[]): { file: string; lines: number[] } => {
        const lines: number[] = [];
        for (const name of names) {
          const at = file.indexOf(name);
          expect(at, name).to.be.greaterThan(-1);
          lines.push(file.slice(0, at).split('\n').length);
        }
        const changed = names.reduce(
          (so, name) => so.replace(name, name.replace(/="[^"]*"$/, `="${hostile}"`)),
          file,
        );
        return { file: changed, lines };
      };
      const real = place(REAL, REAL_NAMES);
      const virtual = place(VIRTUAL, VIRTUAL_NAMES);
      const { exitCode, errors } = await validate(real.file, virtual.file);
      expect(exitCode).to.equal(1);
      const linesOf = (file: string): number[] =>
        errors.flatMap(({ kind, at }) =>
          kind === 'InvalidInput' && at?.file.endsWith(file) === true ? [at.line] : [],
        );
      expect(linesOf('real.xml')).to.include.members(real.lines);
      expect(linesOf('virtual.xml')).to.include.members(virtual.lines);
      expect(existsSync(proof)).to.equal(false);
    });
  }

  it('reach no terminal as they are', async () => {
    writeFileSync(join(directory, 'real.xml'), REAL.replace('name="host1"', 'name="host&#x9b;2J1"'));
    const { exitCode, stderr } = await netmgr('validate', join(directory, 'real.xml'));
    expect(exitCode).to.equal(1);
    expect(stderr)
      .to.match(/^error: /)
      .and.contain('real.xml:');
    expect(stderr).to.not.contain('\u009b');
  });
});
