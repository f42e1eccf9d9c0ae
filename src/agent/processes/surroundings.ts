import { readFile, readlink } from 'node:fs/promises';

/** The environment a process was started with, as `NAME=VALUE`; undefined if it is gone, or we may not look. */
export async function environmentOf(pid: number): Promise<readonly string[] | undefined> {
  const text = await readFile(`/proc/${String(pid)}/environ`, 'utf8').catch(() => undefined);
  return text?.split('\0');
}

/** Names the process namespace of a process (namespaces(7)); undefined if it is gone, or we may not look. */
export function processNamespaceOf(pid: number | 'self'): Promise<string | undefined> {
  return readlink(`/proc/${String(pid)}/ns/pid`).catch(() => undefined);
}
