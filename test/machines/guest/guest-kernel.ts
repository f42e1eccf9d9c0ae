import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../src/process/run.js';

/** Debian's kernel for virtual machines: smaller than the one for hardware, with the devices of KVM and of Xen. */
const PACKAGE = 'linux-image-cloud-amd64';

/** Devices of guests, and what a site's proxy or a test wants of a kernel. */
const MODULES = ['virtio_pci', 'virtio_console', 'virtio_net', 'xen-netfront', 'sch_netem', 'sch_tbf'];

const DOWNLOAD_TIMEOUT = 300_000;

/** A kernel that is none of this machine's. */
export interface GuestKernel {
  /** The file that QEMU starts. */
  readonly image: string;
  /** Files of modules, each behind those that it needs. */
  readonly modules: readonly string[];
}

/**
 * The kernel of guests, taken from Debian's package without installing it.
 *
 * @param cache a directory that keeps it
 * @throws NetmgrError `CommandFailed` if there is no such package, or it cannot be loaded
 */
export async function guestKernel(cache: string): Promise<GuestKernel> {
  const { name, version } = await newestPackage();
  const release = name.replace('linux-image-', '');
  const directory = join(cache, `${name}_${version.replace(/[^\w.+~-]/g, '_')}`);
  if (!(await isThere(directory))) await unpack(name, version, directory);
  const root = join(directory, 'lib/modules', release);
  const { stdout } = await run(['modprobe', '-d', directory, '-S', release, '-a', '-i', '-D', ...MODULES], {
    accept: [0, 1],
  });
  const modules = [...stdout.matchAll(/^insmod (\S+)/gm)].map(([, file = '']) => file);
  return {
    image: join(directory, 'boot', `vmlinuz-${release}`),
    modules: [...new Set(modules.map((file) => join(root, file.slice(file.indexOf('/kernel/')))))],
  };
}

async function newestPackage(): Promise<{ name: string; version: string }> {
  const { stdout: depends } = await run(['apt-cache', 'depends', PACKAGE]);
  const name = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
  if (name === undefined) throw new Error(`apt knows no ${PACKAGE}: apt-get update`);
  const { stdout: policy } = await run(['apt-cache', 'policy', name]);
  const version = /Candidate: (\S+)/.exec(policy)?.[1];
  if (version === undefined) throw new Error(`apt knows no ${name}: apt-get update`);
  return { name, version };
}

/** There whole or not at all. */
async function unpack(name: string, version: string, directory: string): Promise<void> {
  const making = `${directory}.${String(process.pid)}`;
  const download = join(making, 'download');
  await mkdir(download, { recursive: true });
  try {
    // apt-get(8) writes into the present directory.
    await run(['env', '-C', download, 'apt-get', '-q', 'download', `${name}=${version}`], {
      timeout: DOWNLOAD_TIMEOUT,
      program: 'apt-get',
    });
    const [file = ''] = await readdir(download);
    await run(['dpkg-deb', '-x', join(download, file), making]);
    await rm(download, { recursive: true });
    await run(['depmod', '-b', making, name.replace('linux-image-', '')]);
    await rename(making, directory).catch(async (error: unknown) => {
      // Somebody else was faster.
      if (!(await isThere(directory))) throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

const isThere = (directory: string): Promise<boolean> =>
  readdir(directory).then(
    () => true,
    () => false,
  );
