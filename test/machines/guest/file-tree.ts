import { chmod, copyFile, mkdir, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { run } from '../../../src/process/run.js';
import type { GuestFile } from './programs.js';

const DIRECTORIES = ['proc', 'sys', 'dev', 'run', 'tmp', 'etc', 'root', 'var', 'usr/bin', 'usr/lib/modules'];
const LINKS = {
  bin: 'usr/bin',
  sbin: 'usr/bin',
  lib: 'usr/lib',
  lib64: 'usr/lib64',
  'usr/sbin': 'bin',
  'var/run': '../run',
};

/**
 * Makes a root file system in a directory that is not there, or empty: files, each of which can be run, busybox as every
 * program that there is no better one of, and what a root needs besides.
 *
 * @throws NetmgrError `CommandFailed`
 */
export async function makeRoot(root: string, files: readonly GuestFile[]): Promise<void> {
  for (const directory of DIRECTORIES) await mkdir(join(root, directory), { recursive: true });
  for (const [name, to] of Object.entries(LINKS)) await symlink(to, join(root, name));
  for (const { from, to } of files) {
    const path = join(root, to);
    await mkdir(dirname(path), { recursive: true });
    await copyFile(from, path);
    await chmod(path, 0o755);
  }
  await linkApplets(root, new Set(files.map(({ to }) => basename(to))));
}

async function linkApplets(root: string, there: ReadonlySet<string>): Promise<void> {
  const { stdout } = await run([join(root, 'usr/bin/busybox'), '--list']);
  const applets = stdout.trim().split('\n');
  for (const name of applets.filter((applet) => !there.has(applet))) {
    await symlink('busybox', join(root, 'usr/bin', name));
  }
}

/** Packs a directory as what a kernel starts from (cpio(1), newc). @throws NetmgrError `CommandFailed` */
export async function packInitramfs(root: string, archive: string): Promise<void> {
  const { stdout: names } = await run(['find', root, '-mindepth', '1', '-printf', '%P\\n']);
  await run(['cpio', '--quiet', '-o', '-H', 'newc', '-R', '0:0', '-D', root, '-F', archive], {
    input: names,
  });
}
