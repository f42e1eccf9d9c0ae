import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that run the one that stands behind the first `--`. */
const LEADING: ReadonlySet<string> = new Set(['nsenter', 'setpriv']);

/**
 * The same command with the files of its programs, those that it leads to as well, instead of their names. execvp(3) would try
 * one directory of PATH after the other with execve(2), for which a User-Mode Linux kernel makes an address space each time
 * before it looks whether there is such a file.
 *
 * @param path directories as PATH has them
 */
export function withProgramPaths(
  [program, ...args]: readonly [string, ...string[]],
  path = process.env['PATH'] ?? '',
): [string, ...string[]] {
  const end = args.indexOf('--') + 1;
  const [led, ...rest] = args.slice(end);
  const file = programPath(program, path);
  if (!LEADING.has(program) || end === 0 || led === undefined) return [file, ...args];
  return [file, ...args.slice(0, end), ...withProgramPaths([led, ...rest], path)];
}

/** The file that execvp(3) would find; the name itself if there is none, so that whoever runs it says so. */
function programPath(name: string, path: string): string {
  if (name.includes('/')) return name;
  const directories = path.split(delimiter);
  // An empty one is the current directory, which is left to execvp.
  const empty = directories.indexOf('');
  const known = empty < 0 ? directories : directories.slice(0, empty);
  return known.map((directory) => join(directory, name)).find(isProgram) ?? name;
}

/** Whether there is a program of that name in PATH. */
export function isInstalled(name: string): boolean {
  return programPath(name, process.env['PATH'] ?? '').includes('/');
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
