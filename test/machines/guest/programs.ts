import { basename, dirname, join } from 'node:path';
import { realpath } from 'node:fs/promises';
import { run } from '../../../src/process/run.js';

/** What netmgr runs inside machines, what keeps it in bounds there, and the agent that starts it. */
const PROGRAMS = [
  ...['ip', 'ss', 'tc', 'sysctl', 'fping', 'iperf3', 'socat', 'setpriv', 'timeout', 'kill'],
  ...['qemu-ga', 'busybox'],
] as const;

/** Where Debian has programs that an ordinary user's PATH does not lead to. */
const DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** A file of this machine that the guest has too. */
export interface GuestFile {
  readonly from: string;
  /** Its path in the guest. */
  readonly to: string;
}

/** The programs of the guest and the shared libraries that they need (ldd(1)). @throws NetmgrError `CommandFailed` */
export async function guestPrograms(): Promise<GuestFile[]> {
  const env = { PATH: DIRECTORIES.join(':') };
  const { stdout } = await run(['which', '-a', ...PROGRAMS], { env, accept: [0, 1] });
  const found = stdout.trim().split('\n');
  const files = new Map<string, GuestFile>();
  for (const name of PROGRAMS) {
    const path = found.find((file) => basename(file) === name);
    if (path === undefined) throw new Error(`${name} is not installed: scripts/setup --machines`);
    files.set(name, { from: await realpath(path), to: `/usr/bin/${name}` });
    // busybox has none.
    if (name === 'busybox') continue;
    for (const library of await librariesOf(path)) files.set(library.to, library);
  }
  return [...files.values()];
}

/** A library keeps the name by which the loader looks for it, and the loader its own path. */
async function librariesOf(path: string): Promise<GuestFile[]> {
  const { stdout } = await run(['ldd', path]);
  return Promise.all(
    [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(async ([, library = '']) => ({
      from: await realpath(library),
      to: join(await realpath(dirname(library)), basename(library)),
    })),
  );
}
