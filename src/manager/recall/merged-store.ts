import { createHash } from 'node:crypto';
import { constants, open, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { DurableFiles, makeDirectory } from '../../process/durable-files.js';
import { openSealedJson, sealJson } from '../../process/sealed-json.js';
import type { FileText } from '../xml/read-text.js';
import { mergedFilesFromJson, mergedFilesToJson, type MergedFiles } from './merged-files.js';

/** How many are kept: more than one works with in a day. */
const MOST = 100;
const NAME = /^[0-9a-f]{64}\.json$/;
/** What `scripts/build` writes: a digest of the program, its schemas, and the libraries that it was built with. */
const BUILD = new URL('../../build-id', import.meta.url);
/** Who else may write there could have secrets tried at another address. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * A cache of what files came to when they were applied, by a digest of the program and of all that they say: the same program makes
 * the same of the same text. So what is found is never old, and what is not found, or damaged, is only merged again.
 */
export class MergedStore {
  readonly #files = new DurableFiles();

  constructor(private readonly directory: string) {}

  /** The key of what this program makes of the files; undefined for one that was not built. */
  static async keyOf(...files: readonly FileText[]): Promise<string | undefined> {
    const build = (await readFile(BUILD, 'utf8').catch(() => '')).trim();
    if (!/^[0-9a-f]{64}$/.test(build)) return undefined;
    const hash = createHash('sha256').update(`${build} ${process.version}`);
    // Warnings name the files.
    for (const part of files.flatMap(({ path, text }) => [path, text])) {
      hash.update(`\n${String(part.length)}\n`).update(part);
    }
    return hash.digest('hex');
  }

  async read(key: string): Promise<MergedFiles | undefined> {
    const path = this.#pathOf(key);
    try {
      const merged = mergedFilesFromJson(openSealedJson(await readOwn(path)));
      // The last that were used are kept.
      await utimes(path, new Date(), new Date()).catch(() => undefined);
      return merged;
    } catch {
      return undefined;
    }
  }

  /** Keeps it for the next time, if that can be: nothing depends on it. */
  async write(key: string, merged: MergedFiles): Promise<void> {
    try {
      await makeDirectory(this.directory);
      await this.#files.write(this.#pathOf(key), sealJson(mergedFilesToJson(merged)));
      await this.#removeOldest();
    } catch {
      // The next apply merges again.
    }
  }

  async #removeOldest(): Promise<void> {
    const names = (await readdir(this.directory)).filter((name) => NAME.test(name));
    if (names.length <= MOST) return;
    const paths = names.map((name) => join(this.directory, name));
    const times = await Promise.all(paths.map(async (path) => ({ path, time: (await stat(path)).mtimeMs })));
    const oldest = times.sort((a, b) => a.time - b.time).slice(0, names.length - MOST);
    for (const { path } of oldest) await rm(path, { force: true });
  }

  #pathOf(key: string): string {
    return join(this.directory, `${key}.json`);
  }
}

/** The text of a file that nobody else can have written. @throws Error otherwise, also for a link */
async function readOwn(path: string): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const status = await file.stat();
  const isOwn = status.uid === process.getuid?.() && (status.mode & WRITABLE_BY_OTHERS) === 0;
  if (!status.isFile() || !isOwn) throw new Error(`${path} is no file of ours`);
  return await file.readFile('utf8');
}
