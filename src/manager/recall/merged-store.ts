import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DurableFiles } from '../../process/durable-files.js';
import { openSealedJson, sealJson } from '../../process/sealed-json.js';
import type { FileText } from '../xml/read-text.js';
import { mergedFilesFromJson, mergedFilesToJson, type MergedFiles } from './merged-files.js';

/** How many are kept: more than one works with in a day. */
const MOST = 100;
/** What `scripts/build` writes: a digest of the whole program, with its schemas and the versions of its libraries. */
const BUILD = new URL('../../build-id', import.meta.url);

/**
 * What was applied once, by a digest of the program and of all that the files say: the same program makes the same of the
 * same text. So what is found is never old, and what is not found, or damaged, is only merged again.
 */
export class MergedStore {
  readonly #files = new DurableFiles();

  constructor(private readonly directory: string) {}

  /** The name of what this program makes of the files; undefined for one that was not built. */
  static async keyOf(...files: readonly FileText[]): Promise<string | undefined> {
    const build = await readFile(BUILD, 'utf8').catch(() => undefined);
    if (build === undefined) return undefined;
    const hash = createHash('sha256').update(build);
    // Warnings name the files.
    for (const part of files.flatMap(({ path, text }) => [path, text])) {
      hash.update(`\n${String(part.length)}\n`).update(part);
    }
    return hash.digest('hex');
  }

  async read(key: string): Promise<MergedFiles | undefined> {
    try {
      return mergedFilesFromJson(openSealedJson(await readFile(this.#pathOf(key), 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Keeps it for the next time, if that can be: nothing depends on it. */
  async write(key: string, merged: MergedFiles): Promise<void> {
    try {
      await mkdir(this.directory, { recursive: true, mode: 0o700 });
      await this.#files.write(this.#pathOf(key), sealJson(mergedFilesToJson(merged)));
      await this.#removeOldest();
    } catch {
      // The next apply merges again.
    }
  }

  async #removeOldest(): Promise<void> {
    const names = await readdir(this.directory);
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
