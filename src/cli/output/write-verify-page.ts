import { writeFile } from 'node:fs/promises';
import { messageOf, NetmgrError } from '../../errors.js';
import type { VerifyReport } from '../../manager/verify/verify-report.js';
import { verifyPage } from './verify-page.js';

/** @throws NetmgrError `InvalidInput` if the file cannot be written */
export async function writeVerifyPage(file: string, report: VerifyReport): Promise<void> {
  try {
    await writeFile(file, verifyPage(report));
  } catch (error) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `the report could not be written: ${messageOf(error)}`,
      hint: 'Name a file in a directory that there is, and that you may write.',
    });
  }
}
