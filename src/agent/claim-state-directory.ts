import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, NetmgrError } from '../errors.js';
import { decodeIdentity, encodeIdentity, isRunning, observeProcess } from '../process/process-identity.js';

/**
 * Makes this process the only agent of a state directory: two would end each other's snmpd.
 *
 * @returns what gives the directory up again
 * @throws NetmgrError `Conflict` if another agent runs there, `AccessDenied` if the directory cannot be written
 */
export async function claimStateDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'agent.pid');
  const holder = decodeIdentity(await readFile(path, 'latin1').catch(() => ''));
  if (holder !== undefined && holder.pid !== process.pid && (await isRunning(holder))) {
    throw new NetmgrError({
      kind: 'Conflict',
      message: `another agent runs in this state directory (process ${String(holder.pid)})`,
      subject: directory,
      hint: 'End it first (systemctl stop netmgr-agent), or give another directory with --state-directory.',
    });
  }
  const own = await observeProcess(process.pid);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if (own !== undefined) await writeFile(path, encodeIdentity(own), { mode: 0o600 });
  } catch (error) {
    throw new NetmgrError({
      kind: 'AccessDenied',
      message: `the state directory cannot be written: ${messageOf(error)}`,
      subject: directory,
      cause: error,
    });
  }
  return () => rm(path, { force: true });
}
