import { stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { runningProcesses, type ProcessFacts } from '../../process/process-identity.js';
import { isMarked } from '../processes/marked-run.js';
import { environmentOf } from '../processes/surroundings.js';

const PROGRAM = 'snmpd';
/** Where an snmpd is told to keep its files (snmp_config(5)). */
const DIRECTORY_VARIABLE = 'SNMP_PERSISTENT_DIR=';

/**
 * The snmpds that write that persistent file when they end, whichever namespaces they are in: those that have its directory
 * before them and were not told of another one. Private ones of agents are none of them.
 *
 * One that we may not look into counts: better stopped for nothing than users lost.
 */
export async function findWriters(persistent: string): Promise<readonly ProcessFacts[]> {
  const found: ProcessFacts[] = [];
  for await (const process of runningProcesses()) {
    if (process.name === PROGRAM && (await writes(process.pid, dirname(persistent)))) found.push(process);
  }
  return found;
}

async function writes(pid: number, directory: string): Promise<boolean> {
  const environment = await environmentOf(pid);
  if (environment === undefined) return true;
  if (isMarked(environment)) return false;
  const said = environment.find((entry) => entry.startsWith(DIRECTORY_VARIABLE));
  const own = said?.slice(DIRECTORY_VARIABLE.length) ?? directory;
  if (!isAbsolute(own)) return true;
  // A container has a /var/lib/snmp too, of its own.
  const [theirs, ours] = await Promise.all([
    identityOf(`/proc/${String(pid)}/root${own}`),
    identityOf(directory),
  ]);
  return theirs === 'closed' || (theirs !== 'absent' && theirs === ours);
}

/** What stays the same by whatever path a directory is reached. */
async function identityOf(path: string): Promise<string> {
  try {
    const { dev, ino } = await stat(path);
    return `${String(dev)} ${String(ino)}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'closed';
  }
}
