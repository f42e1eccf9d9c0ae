import { fileURLToPath } from 'node:url';
import { run, type CommandOutput } from '../../src/process/run.js';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');
const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);

/** Runs netmgr with these arguments to its end. */
export function netmgr(...args: readonly string[]): Promise<CommandOutput> {
  return run([process.execPath, '--import', TSX, MAIN, ...args], {
    accept: ANY_EXIT_CODE,
    env: { NODE_OPTIONS: '', NO_COLOR: '1' },
  });
}
