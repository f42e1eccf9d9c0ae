import { fileURLToPath } from 'node:url';
import { ApplyError, failuresOf } from '../../errors.js';
import { parseRealEnvironment } from '../xml/read-real-environment.js';
import { readText } from '../xml/read-text.js';
import type { Discovery } from './discover.js';
import { emptyRealFile, updateRealFile, type RealFile } from './real-file.js';

const SCHEMA = new URL('../../../schemas/real-environment.xsd', import.meta.url);

export interface RealFileSettings {
  /** Of a new environment. */
  readonly name: string;
  /** The file that is to be updated. */
  readonly existing?: string | undefined;
  /** Whether machines are taken out of it that no host has, if all hosts answered. */
  readonly prune?: boolean;
}

/**
 * The real-environment file of what was discovered, as netmgr reads it. Nothing is written.
 *
 * @throws NetmgrError or ApplyError if the file that is to be updated cannot be used, or if what was found makes no file
 */
export async function realFileOf(
  discovery: Discovery,
  { name, existing, prune = false }: RealFileSettings,
): Promise<RealFile> {
  const before =
    existing === undefined ? emptyRealFile(name, fileURLToPath(SCHEMA)) : await readText(existing);
  const file = updateRealFile(before, discovery.hosts, prune && discovery.failures.length === 0);
  // What agents say is not trusted: a file is one that netmgr can read.
  await parseRealEnvironment(file.text, 'the discovered file').catch((error: unknown) => {
    throw new ApplyError(failuresOf(error), 'what was discovered makes no real-environment file');
  });
  return file;
}
