import { open, type FileHandle } from 'node:fs/promises';
import { observeProcess, type ProcessIdentity } from '../../../process/process-identity.js';
import type { Inode } from './net-namespaces.js';

/** A network namespace by one of its processes. */
export interface Entrance {
  readonly process: ProcessIdentity;
  readonly inode: Inode;
}

/** A network namespace that stays the same one as long as this is held. */
export interface HeldNamespace {
  /** Its file. */
  readonly path: string;
  close(): Promise<void>;
}

/**
 * Holds the namespace of a process if both are those that they were: the number of a process that has ended is another one's
 * some time later, and so is that of a namespace. Undefined if they are not. What is entered by the file that is held cannot be
 * another namespace.
 */
export async function holdNamespace({
  process: listed,
  inode,
}: Entrance): Promise<HeldNamespace | undefined> {
  const handle = await open(`/proc/${String(listed.pid)}/ns/net`).catch(() => undefined);
  if (handle === undefined) return undefined;
  if (await isSame(handle, listed, inode)) {
    const path = `/proc/${String(process.pid)}/fd/${String(handle.fd)}`;
    return { path, close: () => handle.close() };
  }
  await handle.close();
  return undefined;
}

async function isSame(handle: FileHandle, listed: ProcessIdentity, inode: Inode): Promise<boolean> {
  const { ino } = await handle.stat();
  return ino === inode && (await observeProcess(listed.pid))?.startTime === listed.startTime;
}
