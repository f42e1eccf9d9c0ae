import { chmod } from 'node:fs/promises';
import { run } from '../../process/run.js';

const DISK = '/dev/ubda';

/** Mounts the disk of this kernel, which keeps what has been written to it when the kernel is gone. */
export async function mountDisk(disk: 'blank' | 'used', directory: string): Promise<void> {
  if (disk === 'blank') await run(['mkfs.ext4', '-q', '-F', '-E', 'nodiscard', DISK]);
  await run(['mount', '-t', 'ext4', DISK, directory]);
  await chmod(directory, 0o700);
}
