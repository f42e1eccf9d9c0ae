import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { makeRoot, packInitramfs } from './file-tree.js';
import { guestKernel } from './guest-kernel.js';
import { digestOf, programFiles, type GuestFile } from './programs.js';

/** A guest that starts from two files, without any disk. */
export interface GuestKit {
  readonly kernel: string;
  readonly initramfs: string;
  /** MiB that it needs. */
  readonly memory: number;
  /** What its kernel is told; the console says why where a guest does not come up. */
  readonly commandLine: string;
}

/** What netmgr runs inside machines, what keeps it in bounds there, and the agent that starts it. */
const PROGRAMS = [
  ...['ip', 'ss', 'tc', 'sysctl', 'fping', 'iperf3', 'socat', 'setpriv', 'timeout', 'kill'],
  ...['qemu-ga', 'busybox'],
];

/** Beside the programs, from the directory of this file. */
const OWN: readonly GuestFile[] = [
  { from: 'init', to: '/init' },
  { from: 'guest-agent', to: '/etc/guest-agent' },
  { from: 'inittab', to: '/etc/inittab' },
  { from: 'protocols', to: '/etc/protocols' },
].map(({ from, to }) => ({ from: join(import.meta.dirname, from), to }));

/** What unpacks itself at the start needs it; with 80 the kernel runs out. */
const MEMORY = 96;
const GZIP_LEVEL = 9;

const MAKERS = [import.meta.filename, join(import.meta.dirname, 'file-tree.ts')];

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
    ...(await programFiles(PROGRAMS)),
    ...modules.map((from) => ({ from, to: join('/usr/lib/modules', basename(from)) })),
  ];
  const initramfs = join(cache, `initramfs-${await digestOf(MAKERS, files)}.cpio.gz`);
  if (!(await isThere(initramfs))) await make(files, initramfs);
  return { kernel: image, initramfs, memory: MEMORY, commandLine: 'console=ttyS0 quiet panic=-1' };
}

/** There whole or not at all. */
async function make(files: readonly GuestFile[], initramfs: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'netmgr-guest-'));
  try {
    const root = join(work, 'root');
    await makeRoot(root, files);
    const modules = files.filter(({ to }) => to.endsWith('.ko')).map(({ to }) => to);
    await writeFile(join(root, 'etc/modules'), modules.map((path) => `${path}\n`).join(''));
    const archive = join(work, 'initramfs');
    await packInitramfs(root, archive);
    const making = `${initramfs}.${String(process.pid)}`;
    await writeFile(making, await promisify(gzip)(await readFile(archive), { level: GZIP_LEVEL }));
    await rename(making, initramfs);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
