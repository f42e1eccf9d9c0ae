import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, NetmgrError } from '../../errors.js';
import { DurableFiles } from '../../process/durable-files.js';

/** Whom `systemctl` is to be told. */
export const SERVICE = 'netmgr-agent';

/** systemd warns of units that not everybody can read. */
const MODE = 0o644;

/** The unit file of the agent's service in a directory of units (systemd.unit(5)). */
export class UnitFile {
  readonly path: string;
  readonly #link: string;

  constructor(directory: string) {
    this.path = join(directory, `${SERVICE}.service`);
    // What `systemctl enable` makes of WantedBy=.
    this.#link = join(directory, 'multi-user.target.wants', `${SERVICE}.service`);
  }

  /**
   * Writes the unit, whole or not at all.
   *
   * @throws NetmgrError `Conflict` where a link is in its place, `AccessDenied` where it cannot be written
   */
  async install(text: string): Promise<'written' | 'replaced' | 'unchanged'> {
    const present = await this.#read();
    if (present === text) return 'unchanged';
    await this.#change(() => new DurableFiles().write(this.path, text, MODE));
    return present === undefined ? 'written' : 'replaced';
  }

  /** Removes the unit, and what starts it at boot. @throws NetmgrError as {@link install} */
  async remove(): Promise<'removed' | 'absent'> {
    const present = await this.#read();
    await this.#change(async () => {
      if ((await kindOf(this.#link)) !== undefined) await new DurableFiles().remove(this.#link);
      if (present !== undefined) await new DurableFiles().remove(this.path);
    });
    return present === undefined ? 'absent' : 'removed';
  }

  async #read(): Promise<string | undefined> {
    const kind = await kindOf(this.path);
    if (kind === 'link') {
      throw new NetmgrError({
        kind: 'Conflict',
        message: 'the unit is a symbolic link: it is masked, or somebody keeps it elsewhere',
        subject: this.path,
        hint: `Run: systemctl unmask ${SERVICE}, or give another directory with --unit-directory.`,
      });
    }
    return kind === undefined ? undefined : readFile(this.path, 'utf8');
  }

  async #change(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw new NetmgrError({
        kind: 'AccessDenied',
        message: `the unit cannot be changed: ${messageOf(error)}`,
        subject: this.path,
        hint: 'Run it as root; where there is no systemd, use --no-unit.',
        cause: error,
      });
    }
  }
}

async function kindOf(path: string): Promise<'file' | 'link' | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? 'link' : 'file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
