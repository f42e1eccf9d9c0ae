import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { run } from '../../../src/process/run.js';

/** Where Debian has programs that an ordinary user's PATH does not lead to. */
const DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** A file of this machine that the guest has too. */
export interface GuestFile {
  readonly from: string;
  /** Its path in the guest. */
  readonly to: string;
}

/**
 * Programs of this machine and the shared libraries that they need (ldd(1)).
 *
 * @throws NetmgrError `CommandFailed`, Error if one is not installed
 */
export async function programFiles(names: readonly string[]): Promise<GuestFile[]> {
  const env = { PATH: DIRECTORIES.join(':') };
  const { stdout } = await run(['which', '-a', ...names], { env, accept: [0, 1] });
  const found = stdout.trim().split('\n');
  const files: GuestFile[] = [];
  for (const name of names) {
    const path = found.find((file) => basename(file) === name);
    if (path === undefined) throw new Error(`${name} is not installed: scripts/setup --machines`);
    files.push({ from: await realpath(path), to: `/usr/bin/${name}` });
    // busybox has none.
    if (name !== 'busybox') files.push(...(await librariesOf(path)));
  }
  return onceEach(files);
}

/**
 * The libraries of a program, which keep the names by which the loader looks for them, and the loader its own path.
 *
 * @param ownLibraries a directory where some of them are
 * @throws NetmgrError `CommandFailed`
 */
export async function librariesOf(program: string, ownLibraries = ''): Promise<GuestFile[]> {
  const { stdout } = await run(['ldd', program], { env: { LD_LIBRARY_PATH: ownLibraries } });
  return Promise.all(
    [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(async ([, library = '']) => ({
      from: await realpath(library),
      to: join(await realpath(dirname(library)), basename(library)),
    })),
  );
}

export const onceEach = (files: readonly GuestFile[]): GuestFile[] => [
  ...new Map(files.map((file) => [file.to, file])).values(),
];

/** Of what is in files, by the names that the guest has for them, and in those that say what is made of them. */
export async function digestOf(makers: readonly string[], files: readonly GuestFile[]): Promise<string> {
  const hash = createHash('sha256');
  for (const maker of makers) hash.update(await readFile(maker));
  for (const { from, to } of files)
    hash
      .update(to)
      .update('\0')
      .update(await readFile(from));
  return hash.digest('hex').slice(0, 16);
}
