import type { Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, NetmgrError } from '../../errors.js';
import type { FileOwner } from '../../process/durable-files.js';
import { directivesOf, type Directive } from './directives.js';
import { snippetDirectory } from './snippet-file.js';

/** The configuration of the system's snmpd, as its administrator has it. */
export interface SystemConf {
  readonly directives: readonly Directive[];
  /** Whether snmpd reads the directory of the snippet. */
  readonly includesSnippets: boolean;
  /** Of what is added: whoever reads snmpd.conf can read it, an snmpd that has dropped its privileges too, and nobody else. */
  readonly rights: FileOwner & { readonly mode: number };
}

/**
 * Reads snmpd.conf and the files beside it that it includes, but for netmgr's own.
 *
 * @param conf an absolute path
 * @param snippet the path of netmgr's own
 * @throws NetmgrError `InvalidInput` where there is none, or no directory beside it, `AccessDenied`
 */
export async function readSystemConf(conf: string, snippet: string): Promise<SystemConf> {
  const directory = snippetDirectory(conf);
  const { text, stats } = await readMain(conf);
  const main = directivesOf(text, conf);
  const names = await namesIn(directory, conf);
  const includesDirectory = main.some(
    ({ token, value }) => token === 'includedir' && resolve(value) === directory,
  );
  const includesSnippets =
    includesDirectory || main.some(({ token, value }) => token === 'includefile' && value === snippet);
  const files = includesDirectory ? names.filter((name) => name.endsWith('.conf')).sort() : [];
  const others = files.map((name) => join(directory, name)).filter((path) => path !== snippet);
  const included = await Promise.all(
    others.map(async (path) => directivesOf((await readMain(path)).text, path)),
  );
  return {
    directives: [...main, ...included.flat()],
    includesSnippets,
    rights: { uid: process.getuid?.() ?? 0, gid: stats.gid, mode: stats.mode & 0o644 },
  };
}

async function readMain(path: string): Promise<{ text: string; stats: Stats }> {
  try {
    return { text: await readFile(path, 'utf8'), stats: await stat(path) };
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new NetmgrError({
      kind: isMissing ? 'InvalidInput' : 'AccessDenied',
      message: isMissing
        ? "the system's snmpd has no such configuration"
        : `the configuration of the system's snmpd cannot be read: ${messageOf(error)}`,
      subject: path,
      hint: isMissing
        ? 'Install the package snmpd, or say with --snmpd-conf where its file is.'
        : 'Run it as root.',
      cause: error,
    });
  }
}

async function namesIn(directory: string, conf: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `there is no directory for parts of snmpd's configuration: ${messageOf(error)}`,
      subject: directory,
      hint: `Make it, and add to ${conf} the line: includeDir ${directory}`,
      cause: error,
    });
  }
}
