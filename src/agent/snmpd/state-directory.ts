import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, NetmgrError } from '../../errors.js';
import { engineIdIn, makeEngineId } from '../../process/engine-id.js';
import { encodeIdentity, type ProcessIdentity } from '../../process/process-identity.js';

/**
 * Where one private snmpd keeps its files. The directory is the owner's alone (0700); `persistent` in it is
 * snmpd's own to write, and snmpd gives it to the user it becomes.
 */
export class StateDirectory {
  readonly config: string;
  readonly persistent: string;
  readonly agentxSocket: string;
  readonly #engineId: string;
  readonly #pid: string;

  constructor(readonly path: string) {
    this.config = join(path, 'snmpd.conf');
    this.persistent = join(path, 'persistent');
    this.agentxSocket = join(path, 'agentx.sock');
    this.#engineId = join(path, 'engine-id');
    this.#pid = join(path, 'snmpd.pid');
  }

  /** Makes what is missing. @throws NetmgrError `AccessDenied`. */
  async create(): Promise<void> {
    try {
      await mkdir(this.path, { recursive: true, mode: 0o700 });
      await chmod(this.path, 0o700);
      await mkdir(this.persistent, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new NetmgrError({
        kind: 'AccessDenied',
        message: `the state directory of snmpd cannot be made: ${messageOf(error)}`,
        subject: this.path,
        cause: error,
      });
    }
  }

  /** The engine ID of this directory in hexadecimal: random, made once and kept. */
  async engineId(): Promise<string> {
    const known = engineIdIn(await readText(this.#engineId));
    if (known !== undefined) return known;
    const made = makeEngineId();
    await this.#replace(this.#engineId, `${made}\n`);
    return made;
  }

  async writeConfig(text: string): Promise<void> {
    await this.#replace(this.config, text);
  }

  async readPersistent(): Promise<string> {
    return readText(join(this.persistent, 'snmpd.conf'));
  }

  async writePersistent(text: string): Promise<void> {
    await this.#replace(join(this.persistent, 'snmpd.conf'), text);
  }

  /** Says which process snmpd is, to whom it may concern. */
  async writePid(identity: ProcessIdentity): Promise<void> {
    await this.#replace(this.#pid, encodeIdentity(identity));
  }

  /** Removes what has a meaning only while snmpd runs; it has no right to do so itself. */
  async removeTraces(): Promise<void> {
    await rm(this.#pid, { force: true });
    await rm(this.agentxSocket, { force: true });
  }

  /**
   * Through a new file made in the directory that is ours alone: snmpd's user could lay a link in the
   * persistent one, and root would write through it.
   */
  async #replace(path: string, text: string): Promise<void> {
    const made = join(this.path, `new-${randomBytes(6).toString('hex')}`);
    await writeFile(made, text, { mode: 0o600, flag: 'wx' });
    await rename(made, path);
  }
}

/** The text of a regular file, empty if there is none; a symbolic link is not followed. */
async function readText(path: string): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return (await file.stat()).isFile() ? await readFile(file, 'utf8') : '';
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP') return '';
    throw error;
  }
}
