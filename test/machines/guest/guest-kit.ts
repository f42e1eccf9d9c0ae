import { createHash } from 'node:crypto';
import {
  access,
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { run } from '../../../src/process/run.js';
import { guestKernel } from './guest-kernel.js';
import { guestPrograms, type GuestFile } from './programs.js';

/** A guest that starts from two files, without any disk. */
export interface GuestKit {
  readonly kernel: string;
  readonly initramfs: string;
  /** MiB that it needs. */
  readonly memory: number;
  /** What its kernel is told; the console says why where a guest does not come up. */
  readonly commandLine: string;
}

/** Beside the programs, from the directory of this file. */
const OWN: readonly GuestFile[] = [
  { from: 'init', to: '/init' },
  { from: 'guest-agent', to: '/etc/guest-agent' },
  { from: 'inittab', to: '/etc/inittab' },
  { from: 'protocols', to: '/etc/protocols' },
].map(({ from, to }) => ({ from: join(import.meta.dirname, from), to }));

const DIRECTORIES = ['proc', 'sys', 'dev', 'run', 'tmp', 'etc', 'root', 'var', 'usr/bin', 'usr/lib/modules'];
const LINKS = {
  bin: 'usr/bin',
  sbin: 'usr/bin',
  lib: 'usr/lib',
  lib64: 'usr/lib64',
  'usr/sbin': 'bin',
  'var/run': '../run',
};

/** What unpacks itself at the start needs it; with 80 the kernel runs out. */
const MEMORY = 96;
const GZIP_LEVEL = 9;

/**
 * A small guest of Debian's cloud kernel, busybox, and what netmgr runs inside machines, as this machine has it. It is made
 * once and kept in `~/.cache/netmgr`, named after what is in it.
 *
 * @throws NetmgrError `CommandFailed`, Error if something is missing that `scripts/setup --machines` installs
 */
export async function guestKit(): Promise<GuestKit> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'netmgr', 'guest');
  await mkdir(cache, { recursive: true });
  const { image, modules } = await guestKernel(cache);
  const files = [
    ...OWN,
    ...(await guestPrograms()),
    ...modules.map((from) => ({ from, to: join('/usr/lib/modules', basename(from)) })),
  ];
  const initramfs = join(cache, `initramfs-${await digestOf(files)}.cpio.gz`);
  if (!(await isThere(initramfs))) await make(files, initramfs);
  return { kernel: image, initramfs, memory: MEMORY, commandLine: 'console=ttyS0 quiet panic=-1' };
}

async function digestOf(files: readonly GuestFile[]): Promise<string> {
  const hash = createHash('sha256').update(await readFile(import.meta.filename));
  for (const { from, to } of files)
    hash
      .update(to)
      .update('\0')
      .update(await readFile(from));
  return hash.digest('hex').slice(0, 16);
}

/** There whole or not at all. */
async function make(files: readonly GuestFile[], initramfs: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'netmgr-guest-'));
  try {
    const root = join(work, 'root');
    for (const directory of DIRECTORIES) await mkdir(join(root, directory), { recursive: true });
    for (const [name, to] of Object.entries(LINKS)) await symlink(to, join(root, name));
    for (const { from, to } of files) {
      const path = join(root, to);
      await mkdir(dirname(path), { recursive: true });
      await copyFile(from, path);
      await chmod(path, 0o755);
    }
    const modules = files.filter(({ to }) => to.endsWith('.ko')).map(({ to }) => to);
    await writeFile(join(root, 'etc/modules'), modules.map((path) => `${path}\n`).join(''));
    await linkApplets(root, new Set(files.map(({ to }) => basename(to))));
    const archive = join(work, 'initramfs');
    const { stdout: names } = await run(['find', root, '-mindepth', '1', '-printf', '%P\\n']);
    await run(['cpio', '--quiet', '-o', '-H', 'newc', '-R', '0:0', '-D', root, '-F', archive], {
      input: names,
    });
    const making = `${initramfs}.${String(process.pid)}`;
    await writeFile(making, await promisify(gzip)(await readFile(archive), { level: GZIP_LEVEL }));
    await rename(making, initramfs);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** busybox is every program that there is no better one of. */
async function linkApplets(root: string, there: ReadonlySet<string>): Promise<void> {
  const { stdout } = await run([join(root, 'usr/bin/busybox'), '--list']);
  const applets = stdout.trim().split('\n');
  for (const name of applets.filter((applet) => !there.has(applet))) {
    await symlink('busybox', join(root, 'usr/bin', name));
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
