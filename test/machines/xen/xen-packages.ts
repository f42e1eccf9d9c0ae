import { createHash } from 'node:crypto';
import { run } from '../../../src/process/run.js';

/** What a dom0 is made of besides what the machine has that runs the tests: nothing of it is installed there. */
const PACKAGES = [
  ...['xen-hypervisor-4.17-amd64', 'xen-utils-4.17', 'xen-utils-common', 'xenstore-utils', 'qemu-system-xen'],
  ...['libxencall1', 'libxendevicemodel1', 'libxenevtchn1', 'libxenforeignmemory1', 'libxengnttab1'],
  ...['libxenhypfs1', 'libxenmisc4.17', 'libxenstore4', 'libxentoolcore1', 'libxentoollog1', 'libyajl2'],
];
/** Debian's kernel for hardware, which can be a dom0; the one for virtual machines cannot. */
const KERNEL = 'linux-image-amd64';

const DOWNLOAD_TIMEOUT = 300_000;

export interface XenPackages {
  /** As apt-get(8) takes them: `NAME=VERSION`. */
  readonly names: readonly string[];
  /** Of dom0's kernel, as uname(1) says it. */
  readonly release: string;
  /** Of the names. */
  readonly digest: string;
}

/** The newest versions that apt knows. @throws Error if it does not know one, `CommandFailed` */
export async function xenPackages(): Promise<XenPackages> {
  const { stdout: depends } = await run(['apt-cache', 'depends', KERNEL], { accept: [0, 100] });
  const kernel = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
  if (kernel === undefined) throw unknown(KERNEL);
  const { stdout } = await run(['apt-cache', 'policy', ...PACKAGES, kernel]);
  const versions = new Map(
    [...stdout.matchAll(/^(\S+):\n {2}Installed: .*\n {2}Candidate: (\S+)$/gm)].map(
      ([, name = '', version = '']) => [name, version],
    ),
  );
  const names = [...PACKAGES, kernel].map((name) => {
    const version = versions.get(name);
    if (version === undefined || version === '(none)') throw unknown(name);
    return `${name}=${version}`;
  });
  return {
    names,
    release: kernel.replace('linux-image-', ''),
    digest: createHash('sha256').update(names.join(' ')).digest('hex').slice(0, 16),
  };
}

/** Loads packages into an empty directory, which apt-get(8) writes into as its present one. @throws NetmgrError `CommandFailed` */
export async function download(names: readonly string[], directory: string): Promise<void> {
  await run(['env', '-C', directory, 'apt-get', '-q', 'download', ...names], {
    timeout: DOWNLOAD_TIMEOUT,
    program: 'apt-get',
  });
}

const unknown = (name: string): Error =>
  new Error(`apt knows no ${name}: apt-get update, on Debian 12 (bookworm)`);
