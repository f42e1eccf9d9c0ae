import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { PAIR, PAIR_BANDWIDTH } from '../integration/live-lab.js';
import { netmgr } from './cli-process.js';

describe('netmgr serve', () => {
  const refused = async (...words: string[]): Promise<string> => {
    const { exitCode, stdout } = await netmgr('serve', PAIR, PAIR_BANDWIDTH, '--json', ...words);
    const { ok, errors } = JSON.parse(stdout) as { ok: boolean; errors: { message: string }[] };
    expect({ exitCode, ok }).to.deep.equal({ exitCode: 1, ok: false });
    return errors.map(({ message }) => message).join('\n');
  };

  it('does not listen where others reach it without a token', async () => {
    expect(await refused('--listen', '0.0.0.0:0')).to.contain('no token keeps them out');
  });

  it('does not take a token that others can read', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'netmgr-serve-'));
    try {
      const path = join(directory, 'token');
      writeFileSync(path, 'token=a-token-of-some-length\n', { mode: 0o644 });
      const words = await refused('--listen', '0.0.0.0:0', '--token-file', path);
      expect(words).to.contain('open to other users').and.not.contain('a-token-of');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
