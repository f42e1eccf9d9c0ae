import { readFile } from 'node:fs/promises';
import { NetmgrError } from '../../errors.js';

/** A file of the page. */
export interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly contents: Buffer;
}

/** All that the page is made of. */
const FILES = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/main.js', 'main.js', 'text/javascript; charset=utf-8'],
  ['/page.css', 'page.css', 'text/css; charset=utf-8'],
  ['/icon.svg', 'icon.svg', 'image/svg+xml'],
] as const;

/** Where `npm run build` puts them. */
export const BUILT_PAGE = new URL('../page/', import.meta.url);

/** Reads the page as it was built. @throws NetmgrError `Bug` if it was not */
export async function readPageFiles(directory: URL): Promise<readonly PageFile[]> {
  try {
    return await Promise.all(
      FILES.map(async ([path, name, type]) => ({
        ...{ path, type },
        contents: await readFile(new URL(name, directory)),
      })),
    );
  } catch (error) {
    throw new NetmgrError({
      kind: 'Bug',
      message: 'the page was not built with the program',
      hint: 'In a checkout: npm run build',
      cause: error,
    });
  }
}
