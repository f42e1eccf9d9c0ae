import { copyFile, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { run } from '../../../src/process/run.js';
import { packInitramfs } from '../guest/file-tree.js';
import { guestKit } from '../guest/guest-kit.js';
import { bundlePrograms } from './bundle.js';
import { dom0Image } from './dom0-image.js';
import { isThere } from './is-there.js';
import { download, xenPackages } from './xen-packages.js';

/** What a Xen host is started from. */
export interface XenKit {
  /** As an ELF of 32 bits, which QEMU starts (Multiboot). */
  readonly hypervisor: string;
  readonly kernel: string;
  readonly initramfs: string;
  /** Dom0's root file system, which is written to by nobody. */
  readonly image: string;
}

/** What dom0 needs to mount its root. */
const MODULES = ['virtio_pci', 'virtio_blk', 'ext4', 'crc32c_generic'];
/** Debian has them as links into `usr`, and packages of this version have files there. */
const MERGED = ['lib', 'bin', 'sbin'];
/** Of no use here. */
const LEFT_OUT = ['usr/share/doc', 'usr/share/man', 'usr/share/locale'];

/**
 * Xen 4.17, dom0's kernel and tools from Debian's packages, without installing them. They are unpacked once and kept in
 * `~/.cache/netmgr`: some 80 MB to download, 500 MB on the disk.
 *
 * @param work a directory for what is made anew each time
 * @throws NetmgrError `CommandFailed`, Error if something is missing
 */
export async function xenKit(work: string): Promise<XenKit> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'netmgr', 'xen');
  await mkdir(cache, { recursive: true });
  const { names, release, digest } = await xenPackages();
  const directory = join(cache, digest);
  if (!(await isThere(directory))) await make(names, release, directory);
  const tools = join(directory, 'tools');
  const initramfs = join(work, 'dom0.cpio');
  const image = await dom0Image(cache, tools, release, await guestKit());
  await makeInitramfs(tools, release, initramfs);
  return {
    hypervisor: join(directory, 'xen'),
    kernel: join(tools, 'boot', `vmlinuz-${release}`),
    initramfs,
    image,
  };
}

/** There whole or not at all. */
async function make(names: readonly string[], release: string, directory: string): Promise<void> {
  const making = `${directory}.${String(process.pid)}`;
  const [packages, tools] = [join(making, 'packages'), join(making, 'tools')];
  await mkdir(packages, { recursive: true });
  await mkdir(join(tools, 'usr'), { recursive: true });
  try {
    await download(names, packages);
    for (const file of await readdir(packages)) await run(['dpkg-deb', '-x', join(packages, file), tools]);
    await rm(packages, { recursive: true });
    for (const name of MERGED) {
      if (!(await isThere(join(tools, name)))) continue;
      await run(['cp', '-a', '--', join(tools, name), join(tools, 'usr')]);
      await rm(join(tools, name), { recursive: true });
    }
    for (const name of LEFT_OUT) await rm(join(tools, name), { recursive: true, force: true });
    await run(['depmod', '-b', join(tools, 'usr'), release]);
    const [image] = (await readdir(join(tools, 'boot'))).filter((name) => /^xen-.*\.gz$/.test(name));
    const compressed = await readFile(join(tools, 'boot', image ?? 'xen.gz'));
    await writeFile(join(making, 'xen'), await promisify(gunzip)(compressed));
    await rename(making, directory).catch(async (error: unknown) => {
      // Somebody else was faster.
      if (!(await isThere(directory))) throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function makeInitramfs(tools: string, release: string, file: string): Promise<void> {
  const root = `${file}.root`;
  await mkdir(join(root, 'bin'), { recursive: true });
  try {
    const { stdout } = await run([
      'modprobe',
      '-d',
      join(tools, 'usr'),
      '-S',
      release,
      '-a',
      '-D',
      ...MODULES,
    ]);
    const modules = [...new Set([...stdout.matchAll(/^insmod (\S+)/gm)].map(([, path = '']) => path))];
    for (const path of modules) await copyFile(path, join(root, basename(path)));
    await writeFile(join(root, 'modules'), modules.map((path) => `/${basename(path)}\n`).join(''));
    await cp('/bin/busybox', join(root, 'bin/busybox'), { dereference: true });
    await cp(join(import.meta.dirname, 'dom0-initramfs'), join(root, 'init'));
    await run(['chmod', '755', join(root, 'init'), join(root, 'bin/busybox')]);
    await bundlePrograms(join(root, 'netmgr'));
    for (const script of ['dom0-init', 'vif-on-bridge'])
      await cp(join(import.meta.dirname, script), join(root, 'netmgr', script));
    await run(['chmod', '755', join(root, 'netmgr/vif-on-bridge')]);
    await packInitramfs(root, file);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
