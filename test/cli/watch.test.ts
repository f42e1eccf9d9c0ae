import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startAttached } from '../../src/process/start-attached.js';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const REAL = `<real-environment xmlns="urn:netmgr:real-environment:1" name="nobody">
  <credentials name="lab" user="netmgr" auth="SHA-256" priv="AES-128" from="env:LAB"/>
  <host name="host1" address="127.0.0.1">
    <agent port="1" credentials="lab"/>
    <bridge name="br0" uplink="eth0"/>
  </host>
</real-environment>`;

describe('netmgr watch', () => {
  it('ends when nobody reads it any more', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'netmgr-watch-'));
    const real = join(directory, 'real.xml');
    writeFileSync(real, REAL);
    const watch = startAttached(
      [
        ...([process.execPath, '--import', import.meta.resolve('tsx'), MAIN, 'watch', real] as const),
        ...['--json', '--interval', '1', '--timeout', '100', '--retries', '0'],
      ],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { PATH: process.env['PATH'] ?? '', LAB_AUTH: 'authentication', LAB_PRIV: 'encryption' },
      },
    );
    const [, stdout] = watch.streams;
    if (!stdout) throw new Error('no output');
    const [first] = (await once(stdout, 'data')) as [Buffer];
    expect(first.toString()).to.include('"host1"');
    stdout.destroy();
    expect(await watch.ended).to.deep.include({ exitCode: 0 });
    rmSync(directory, { recursive: true });
  });
});
