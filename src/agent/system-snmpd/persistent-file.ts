import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, NetmgrError } from '../../errors.js';
import { DurableFiles, type FileOwner } from '../../process/durable-files.js';

/** The file in which an snmpd keeps its users, engine ID and boots (snmp_config(5), "PERSISTENT FILES"). */
export interface PersistentFile {
  /** Empty if there is none yet. */
  readonly text: string;
  /** Hexadecimal digits of the engine that its users are of; undefined before snmpd has run. */
  readonly engineId: string | undefined;
  /** Of the file, or of one that is new in its directory. */
  readonly rights: FileOwner & { readonly mode: number };
}

/** What snmpd makes. */
const MODE = 0o600;
/** Secrets are in it until snmpd has made keys of them: the world loses its right to read it. */
const OWNERS = 0o770;

/** @throws NetmgrError `InvalidInput` without its directory, `Conflict` where it is no file, `AccessDenied` */
export async function readPersistent(path: string): Promise<PersistentFile> {
  try {
    return await read(path);
  } catch (error) {
    if (error instanceof NetmgrError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: 'the directory where snmpd keeps its users is not there',
        subject: dirname(path),
        hint: 'Install the package snmpd, or say with --snmpd-persistent where its file is.',
        cause: error,
      });
    }
    throw denied('read', path, error);
  }
}

async function read(path: string): Promise<PersistentFile> {
  let file;
  try {
    // Its directory is that of snmpd's user, who could lay a link to a file that only root reads.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw noFile(path);
    if (code !== 'ENOENT') throw error;
    const { uid, gid } = await stat(dirname(path));
    return { text: '', engineId: undefined, rights: { uid, gid, mode: MODE } };
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw noFile(path);
    const { uid, gid, mode } = stats;
    const text = await file.readFile('utf8');
    const engineId = /^oldEngineID 0x([0-9a-f]{10,64})$/im.exec(text)?.[1]?.toLowerCase();
    return { text, engineId, rights: { uid, gid, mode: mode & OWNERS } };
  } finally {
    await file.close();
  }
}

/**
 * Takes the place of the file, whole or not at all. Nothing of it counts if an snmpd runs, which writes what it knows.
 *
 * @throws NetmgrError `AccessDenied`
 */
export async function writePersistent(
  path: string,
  text: string,
  rights: PersistentFile['rights'],
): Promise<void> {
  await new DurableFiles().write(path, text, rights.mode, rights).catch((error: unknown) => {
    throw denied('changed', path, error);
  });
}

function noFile(path: string): NetmgrError {
  return new NetmgrError({
    kind: 'Conflict',
    message: 'where snmpd keeps its users is no regular file',
    subject: path,
    hint: 'Look at what it is, and say with --snmpd-persistent where the file of snmpd is.',
  });
}

function denied(done: string, path: string, error: unknown): NetmgrError {
  return new NetmgrError({
    kind: 'AccessDenied',
    message: `the file where snmpd keeps its users cannot be ${done}: ${messageOf(error)}`,
    subject: path,
    hint: 'Run it as root.',
    cause: error,
  });
}
