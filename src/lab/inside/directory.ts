import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The lab's own files. Its /run is a tmpfs of its own, so they are gone with it. */
export const LAB_DIRECTORY = '/run/netmgr-lab';

/** What its agents say, and the number of the process of each. */
export const AGENTS_DIRECTORY = `${LAB_DIRECTORY}/agents`;

/** Writes a file of the lab, readable by its owner alone, and answers with its path. */
export async function writeLabFile(name: string, text: string, mode = 0o600): Promise<string> {
  const path = join(LAB_DIRECTORY, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, text, { mode });
  // The mode of writeFile is cut by the umask.
  await chmod(path, mode);
  return path;
}
