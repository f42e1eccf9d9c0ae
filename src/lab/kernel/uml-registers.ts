import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, NetmgrError } from '../../errors.js';
import { run } from '../../process/run.js';

const SOURCE = fileURLToPath(new URL('../../../native/uml-registers.c', import.meta.url));

/**
 * What a User-Mode Linux kernel has to preload on this machine to know the size of the processor's registers, as a
 * descriptor of ours; undefined where it needs nothing. The reason stands in `native/uml-registers.c`. The file has no
 * name any more, so it is gone with us.
 *
 * @throws NetmgrError `NotApplied` if it cannot be compiled
 */
export async function openUmlRegisters(): Promise<number | undefined> {
  if (process.arch !== 'x64' || !hasLargeRegisters(await readFile('/proc/cpuinfo', 'latin1')))
    return undefined;
  const directory = await mkdtemp(join(tmpdir(), 'netmgr-lab-registers-'));
  try {
    const library = join(directory, 'uml-registers.so');
    // Nothing of the C library is linked, which would need its headers' package.
    await run(['cc', '-O2', '-shared', '-fPIC', '-nostdlib', '-o', library, SOURCE]);
    return openSync(library, 'r');
  } catch (error) {
    throw new NetmgrError({
      kind: 'NotApplied',
      message: `a User-Mode Linux kernel needs help to run on this processor (AMX), which cannot be compiled: ${messageOf(error)}`,
      hint: 'Install the package gcc.',
      cause: error,
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Whether the processor has register state beyond PKRU, by the flags in a /proc/cpuinfo: AMX's tiles, APX's registers. */
export function hasLargeRegisters(cpuinfo: string): boolean {
  return /^flags\s*:.*\b(?:amx_tile|apx)\b/m.test(cpuinfo);
}
