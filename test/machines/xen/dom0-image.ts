import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { run } from '../../../src/process/run.js';
import { makeRoot } from '../guest/file-tree.js';
import type { GuestKit } from '../guest/guest-kit.js';
import { digestOf, librariesOf, onceEach, programFiles, type GuestFile } from '../guest/programs.js';
import { isThere } from './is-there.js';

/** What netmgr's agent is made of and runs in dom0, what its guest agent runs, and what the Xen tools do. */
const PROGRAMS = [
  ...['node', 'snmpd', 'sh', 'getent', 'env', 'timeout', 'kill', 'setpriv', 'setsid', 'unshare', 'nsenter'],
  ...['ip', 'tc', 'bridge', 'ss', 'sysctl', 'modprobe', 'ipset', 'nft'],
  ...['', '6'].flatMap((v) =>
    ['-nft', '-legacy'].flatMap((form) => ['', '-save', '-restore'].map((of) => `ip${v}tables${form}${of}`)),
  ),
  ...['fping', 'iperf3', 'socat', 'qemu-ga', 'busybox'],
];
/** Those of the Xen tools that run in dom0. */
const TOOLS = [
  ...['xl', 'xenstored', 'xenconsoled', 'xen-init-dom0', 'libxl-save-helper'].map(
    (name) => `xen-4.17/bin/${name}`,
  ),
  '../libexec/xen-qemu-system-i386',
];
const LIBRARIES = 'usr/lib/x86_64-linux-gnu';
/** Of the tools, as they are. */
const PARTS = [
  'etc/xen',
  'usr/bin/xenstore-read',
  'usr/bin/xenstore-write',
  'usr/bin/xenstore-ls',
  'usr/lib/xen-4.17',
  'usr/libexec',
  LIBRARIES,
];
const IN_PATH = ['xl', 'xenstored'];
/** Directories of this machine: what iptables looks for at run time, and the QEMU of PV domains at its start. */
const LOOKED_FOR = [`/${LIBRARIES}/xtables`, '/usr/share/qemu/keymaps'];

/** Of dom0's kernel, in its directory `kernel`: the emulated devices, those of the domains, and all that netmgr asks for. */
const MODULES = [
  ...[
    'net/bridge',
    'net/core',
    'net/ipv4',
    'net/ipv6',
    'net/netfilter',
    'net/sched',
    'net/802',
    'net/llc',
    'lib',
    'crypto',
  ],
  ...['drivers/xen', 'drivers/virtio', 'drivers/net/virtio_net.ko', 'drivers/net/xen-netback'],
  ...['drivers/char/virtio_console.ko', 'drivers/net/veth.ko', 'drivers/net/ifb.ko', 'drivers/net/dummy.ko'],
  ...['drivers/net/vxlan', 'drivers/net/net_failover.ko', 'drivers/net/macvlan.ko'],
];

/** Where dom0 has what domains start from. Unpacked: libxl takes ten times as long for what is not. */
export const DOMAIN_KIT = { kernel: '/domains/kernel', initramfs: '/domains/initramfs' } as const;

/** KiB beside the files, and for one of them. */
const [SPACE, PER_FILE] = [64 * 1024, 4];

/**
 * The root file system of dom0, as an image of ext4 that is made once and kept.
 *
 * @param tools the unpacked packages of Xen and of dom0's kernel
 * @throws NetmgrError `CommandFailed`, Error if something is missing
 */
export async function dom0Image(
  cache: string,
  tools: string,
  release: string,
  domains: GuestKit,
): Promise<string> {
  const programs = await programFiles(PROGRAMS);
  const libraries = await Promise.all(
    TOOLS.map((tool) => librariesOf(join(tools, 'usr/lib', tool), join(tools, LIBRARIES))),
  );
  const files = onceEach([...programs, ...libraries.flat().filter(({ from }) => !from.startsWith(tools))]);
  const inputs = [domains.kernel, domains.initramfs].map((from) => ({ from, to: from }));
  const image = join(
    cache,
    `dom0-${await digestOf([import.meta.filename, tools.replace(/tools$/, 'xen')], [...files, ...inputs])}.ext4`,
  );
  if (await isThere(image)) return image;
  await make(image, files, { tools, release, domains });
  for (const old of await readdir(cache))
    if (/^dom0-.*\.ext4$/.test(old) && old !== basename(image)) await rm(join(cache, old));
  return image;
}

interface Parts {
  readonly tools: string;
  readonly release: string;
  readonly domains: GuestKit;
}

/** There whole or not at all. */
async function make(
  image: string,
  files: readonly GuestFile[],
  { tools, release, domains }: Parts,
): Promise<void> {
  const making = `${image}.${String(process.pid)}`;
  const root = `${making}.root`;
  await mkdir(root);
  try {
    await makeRoot(root, files);
    for (const part of PARTS) await run(['cp', '-a', '--', join(tools, part), join(root, dirname(part))]);
    for (const name of IN_PATH) await symlink(`../lib/xen-4.17/bin/${name}`, join(root, 'usr/bin', name));
    for (const directory of LOOKED_FOR) await cp(directory, join(root, directory), { recursive: true });
    await copyModules(
      join(tools, 'usr/lib/modules', release),
      join(root, 'usr/lib/modules', release),
      root,
      release,
    );
    await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
    await writeFile(join(root, 'etc/group'), 'root:x:0:\n');
    await cp(join(import.meta.dirname, '../guest/protocols'), join(root, 'etc/protocols'));
    await mkdir(join(root, 'domains'));
    await cp(domains.kernel, join(root, DOMAIN_KIT.kernel));
    await writeFile(
      join(root, DOMAIN_KIT.initramfs),
      await promisify(gunzip)(await readFile(domains.initramfs)),
    );
    const { stdout } = await run(['du', '-sk', root]);
    const { stdout: names } = await run(['find', root]);
    const size = Number.parseInt(stdout) + PER_FILE * names.split('\n').length + SPACE;
    await run(['mkfs.ext4', '-q', '-O', '^has_journal', '-m', '0', '-d', root, making, `${String(size)}k`]);
    await rename(making, image);
  } finally {
    await rm(root, { recursive: true, force: true });
    await rm(making, { force: true });
  }
}

async function copyModules(from: string, to: string, root: string, release: string): Promise<void> {
  for (const path of MODULES)
    await cp(join(from, 'kernel', path), join(to, 'kernel', path), { recursive: true });
  for (const list of ['modules.builtin', 'modules.builtin.modinfo', 'modules.order'])
    await cp(join(from, list), join(to, list));
  await run(['depmod', '-b', root, release]);
}
