import { chmod, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { NetmgrError } from '../../../src/errors.js';
import type { MergedFiles } from '../../../src/manager/recall/merged-files.js';
import { MergedStore } from '../../../src/manager/recall/merged-store.js';
import { IpAddress } from '../../../src/units/ip-network.js';

const MERGED: MergedFiles = {
  environment: 'grid',
  hosts: ['192.0.2.1', '2001:db8::2'].map((address, i) => ({
    name: `host${String(i)}`,
    address: IpAddress.parse(address),
    agent: { port: 161 + i, credentials: 'lab' },
    digest: Buffer.alloc(32, i),
  })),
  credentials: [{ name: 'lab', user: 'netmgr', from: 'env:NETMGR_LAB' }],
  warnings: [
    new NetmgrError({
      ...{ kind: 'Conflict', message: 'too much', subject: 'a', hint: 'less' },
      at: { file: 'v.xml', line: 3 },
    }),
    new NetmgrError({ kind: 'Conflict', message: 'of no place' }),
  ],
};

describe('what files came to', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'netmgr-merged-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it('is found again as it was', async () => {
    const store = new MergedStore(join(directory, 'new'));
    expect(await store.read('key')).to.equal(undefined);
    await store.write('key', MERGED);
    const found = await store.read('key');
    expect(JSON.stringify(found)).to.equal(JSON.stringify(MERGED));
    expect(found?.warnings[0]).to.be.instanceOf(NetmgrError);
  });

  it('is no matter where it cannot be kept', async () => {
    await writeFile(join(directory, 'file'), '');
    const store = new MergedStore(join(directory, 'file', 'below'));
    await store.write('key', MERGED);
    expect(await store.read('key')).to.equal(undefined);
  });

  it('is kept for the last hundred', async () => {
    const store = new MergedStore(directory);
    const key = (n: number): string => String(n).padStart(64, '0');
    await writeFile(join(directory, 'of-others.json'), '');
    for (let n = 0; n < 100; n++) {
      await store.write(key(n), MERGED);
      await utimes(join(directory, `${key(n)}.json`), n, n);
    }
    // What is used counts as new.
    await store.read(key(0));
    await store.write(key(100), MERGED);
    const names = await readdir(directory);
    expect(names).to.have.lengthOf(101);
    expect(names).to.include.members(['of-others.json', ...[0, 2, 100].map((n) => `${key(n)}.json`)]);
    expect(names).to.not.include(`${key(1)}.json`);
  });

  it('is none where others could have written it, or where it asks nobody', async () => {
    const store = new MergedStore(directory);
    await store.write('key', MERGED);
    await chmod(join(directory, 'key.json'), 0o620);
    expect(await store.read('key')).to.equal(undefined);
    await chmod(join(directory, 'key.json'), 0o600);
    await symlink(join(directory, 'key.json'), join(directory, 'link.json'));
    expect(await store.read('link')).to.equal(undefined);
    expect(await store.read('key')).to.not.equal(undefined);
    for (const hosts of [
      [],
      MERGED.hosts.map((host) => ({ ...host, agent: { ...host.agent, port: 1e9 } })),
    ]) {
      await store.write('key', { ...MERGED, hosts });
      expect(await store.read('key')).to.equal(undefined);
    }
  });

  it('is of the built program and of all that the files say', async () => {
    const { href } = new URL('../../../dist/manager/recall/merged-store.js', import.meta.url);
    const { MergedStore: Built } = (await import(href)) as { MergedStore: typeof MergedStore };
    const file = { path: 'r.xml', text: '<a/>' };
    const keys = await Promise.all([
      Built.keyOf(file, { path: 'v.xml', text: '<b/>' }),
      Built.keyOf(file, { path: 'v.xml', text: '<b />' }),
      Built.keyOf(file, { path: 'w.xml', text: '<b/>' }),
      Built.keyOf({ path: 'r.xml', text: '<a/>v' }, { path: '.xml', text: '<b/>' }),
    ]);
    expect(new Set(keys)).to.have.lengthOf(4);
    expect(keys).to.not.include(undefined);
    expect(await MergedStore.keyOf(file), 'of what is not built').to.equal(undefined);
  });
});
