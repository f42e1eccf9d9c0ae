import { ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const OCTETS = 256 * 1024 * 1024;

/**
 * Makes a blank disk for a kernel, and answers with a descriptor. The file has no name any more, so it is gone with us,
 * however we end; it takes no more room than what has been written to it.
 */
export function makeDisk(): number {
  const directory = mkdtempSync(join(tmpdir(), 'netmgr-lab-disk-'));
  try {
    const descriptor = openSync(join(directory, 'disk'), 'wx+', 0o600);
    ftruncateSync(descriptor, OCTETS);
    return descriptor;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
