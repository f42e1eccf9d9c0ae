import { lstat, readFile } from 'node:fs/promises';
import { messageOf, NetmgrError } from '../errors.js';
import { DurableFiles, type FileOwner } from './durable-files.js';

/** What its errors say of a file. */
export interface FileWords {
  /** `the unit`. */
  readonly what: string;
  /** What a link in its place may mean. */
  readonly link: string;
  readonly linkHint: string;
  /** What to do where it cannot be read or changed. */
  readonly hint: string;
}

const PERMISSIONS = 0o7777;

export type InstallState = 'written' | 'replaced' | 'unchanged';

/** A file of netmgr's in a directory that is not. */
export class InstalledFile {
  constructor(
    readonly path: string,
    private readonly words: FileWords,
  ) {}

  /** Undefined if there is none. @throws NetmgrError `Conflict` where a link is in its place, `AccessDenied` */
  async read(): Promise<string | undefined> {
    const kind = await this.#orDenied(kindOf(this.path), 'read');
    if (kind !== 'link')
      return kind === undefined ? undefined : this.#orDenied(readFile(this.path, 'utf8'), 'read');
    const { what, link, linkHint } = this.words;
    throw new NetmgrError({
      kind: 'Conflict',
      message: `${what} is a symbolic link: ${link}`,
      subject: this.path,
      hint: linkHint,
    });
  }

  /** Writes it, whole or not at all; one that says the same, with the same rights, stays as it is. @throws NetmgrError as {@link read} */
  async install(text: string, mode: number, owner?: FileOwner): Promise<InstallState> {
    const present = await this.read();
    if (present === text && (await this.#orDenied(this.#has(mode, owner), 'read'))) return 'unchanged';
    await this.#orDenied(new DurableFiles().write(this.path, text, mode, owner), 'changed');
    return present === undefined ? 'written' : 'replaced';
  }

  /** @param links what leads to it, and goes with it. @throws NetmgrError as {@link read} */
  async remove(...links: readonly string[]): Promise<'removed' | 'absent'> {
    const present = await this.read();
    for (const link of links) await this.#orDenied(removeIfThere(link), 'changed');
    if (present === undefined) return 'absent';
    await this.#orDenied(new DurableFiles().remove(this.path), 'changed');
    return 'removed';
  }

  async #has(mode: number, owner?: FileOwner): Promise<boolean> {
    const stats = await lstat(this.path);
    const isOwners = owner === undefined || (stats.uid === owner.uid && stats.gid === owner.gid);
    return isOwners && (stats.mode & PERMISSIONS) === mode;
  }

  async #orDenied<T>(work: Promise<T>, done: 'read' | 'changed'): Promise<T> {
    const { what, hint } = this.words;
    return work.catch((error: unknown) => {
      throw new NetmgrError({
        kind: 'AccessDenied',
        message: `${what} cannot be ${done}: ${messageOf(error)}`,
        subject: this.path,
        hint,
        cause: error,
      });
    });
  }
}

async function removeIfThere(path: string): Promise<void> {
  if ((await kindOf(path)) !== undefined) await new DurableFiles().remove(path);
}

async function kindOf(path: string): Promise<'file' | 'link' | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? 'link' : 'file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
