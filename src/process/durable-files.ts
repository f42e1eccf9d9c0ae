import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../errors.js';

/** Hears of each step before it is done, in words; what it awaits delays the step. */
export type Checkpoint = (step: string) => Promise<void> | void;

/** Whose a file is (chown(2)). */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/** A file that can be there at once, or never. */
export interface BegunFile {
  /** Makes it the file, or takes its place; one of another name if it is to have that. */
  finish(to?: string): Promise<void>;
  /** Removes what was written. */
  drop(): Promise<void>;
}

const TEMPORARY = '.new';
const OWNER_ONLY = 0o600;

/**
 * Files that are there whole or not at all, whenever the power fails: a temporary file, fsync, rename, and fsync of
 * the directory (fsync(2), rename(2)). How far fsync can be trusted is up to the disk.
 */
export class DurableFiles {
  constructor(private readonly checkpoint: Checkpoint = () => undefined) {}

  /**
   * Writes the file, or takes its place. It is its owner's alone unless `mode` says else, and ours unless `owner` does. The
   * directory must exist; who else can write there cannot have another file written.
   */
  async write(path: string, text: string, mode = OWNER_ONLY, owner?: FileOwner): Promise<void> {
    await (await this.begin(path, text, mode, owner)).finish();
  }

  /** The longer half of {@link write}: it is on the disk, and not yet that file. */
  async begin(path: string, text: string, mode = OWNER_ONLY, owner?: FileOwner): Promise<BegunFile> {
    const name = basename(path);
    const temporary = `${path}${TEMPORARY}`;
    await this.checkpoint(`write ${name}`);
    // What an interrupted one left, or a link that somebody laid: a new file is made, and no link followed.
    await rm(temporary, { force: true });
    const file = await open(temporary, 'wx', OWNER_ONLY);
    try {
      if (owner !== undefined) await file.chown(owner.uid, owner.gid);
      // Whatever the umask.
      if (mode !== OWNER_ONLY) await file.chmod(mode);
      await file.writeFile(text);
      await this.checkpoint(`sync ${name}`);
      await file.sync();
    } catch (error) {
      await file.close();
      await rm(temporary, { force: true });
      throw error;
    }
    await file.close();
    return {
      finish: async (to = path) => {
        await this.checkpoint(`rename ${name}`);
        await rename(temporary, to);
        await this.checkpoint(`sync the directory of ${name}`);
        await syncDirectory(dirname(to));
      },
      drop: () => rm(temporary, { force: true }),
    };
  }

  /** Removes the file; one that is not there is no error. */
  async remove(path: string): Promise<void> {
    await this.checkpoint(`remove ${basename(path)}`);
    await rm(path, { force: true });
    await syncDirectory(dirname(path));
  }

  /**
   * Gives a damaged file another name, where nobody looks for it but people.
   *
   * @returns what became of it, in words; it may have to stay
   */
  async setAside(path: string): Promise<string> {
    const to = `${path}.damaged-${new Date().toISOString()}`;
    try {
      await this.checkpoint(`set ${basename(path)} aside`);
      await rename(path, to);
      await syncDirectory(dirname(path));
      return `it was set aside as ${to}`;
    } catch (error) {
      return `it cannot be set aside either: ${messageOf(error)}`;
    }
  }

  /** Makes the directory, its owner's alone, and takes away what an interrupted {@link write} left there. */
  async prepareDirectory(path: string): Promise<void> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const left = (await readdir(path)).filter((name) => name.endsWith(TEMPORARY));
    for (const name of left) await rm(join(path, name), { force: true });
  }
}

/** Makes the directory and those above it, their owner's alone and durably: a file in a directory that is lost is lost too. */
export async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; ; made = dirname(made)) {
    const above = await open(dirname(made), 'r');
    await above.sync().finally(() => above.close());
    if (made === first) return;
  }
}

/** Whether a file that could not be read is damaged or gone, and not only out of reach for now. */
export function isDamage(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined || code === 'ENOENT' || code === 'EISDIR';
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
