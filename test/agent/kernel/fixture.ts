import { readFile } from 'node:fs/promises';

/** The saved output of a tool on a User-Mode Linux kernel 6.1. */
export function readFixture(name: string): Promise<string> {
  return readFile(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}
