import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { messageOf, NetmgrError } from '../../errors.js';
import { run } from '../../process/run.js';
import type { LabKernel } from '../control/message.js';
import { KERNEL_MODULES } from './modules.js';
import type { KernelNeed } from './needs.js';
import { UML_PACKAGE, UML_PROGRAM } from './uml.js';

/**
 * Decides on which kernel a lab runs. `auto` takes this machine's where it can do all that is needed and we are root,
 * else User-Mode Linux where that is installed.
 *
 * @throws NetmgrError `NotApplied` that says what to install, if neither will do.
 */
export async function chooseKernel(
  wanted: LabKernel | 'auto',
  needs: readonly KernelNeed[],
): Promise<LabKernel> {
  const uml = isInstalled(UML_PROGRAM);
  if (wanted === 'uml') {
    if (uml) return 'uml';
    throw new NetmgrError({
      kind: 'NotApplied',
      message: `${UML_PROGRAM} is not installed`,
      hint: `Install the package ${UML_PACKAGE}.`,
    });
  }
  const obstacle = await nativeObstacle(needs);
  if (obstacle === undefined) return 'native';
  if (wanted === 'auto' && uml) return 'uml';
  throw new NetmgrError({
    kind: 'NotApplied',
    message: `a lab cannot run on this machine's kernel: ${obstacle.reason}`,
    hint: uml
      ? `${obstacle.remedy} Or run the lab with --kernel uml.`
      : `${obstacle.remedy} Or install the package ${UML_PACKAGE} and run the lab with --kernel uml.`,
  });
}

interface Obstacle {
  readonly reason: string;
  readonly remedy: string;
}

async function nativeObstacle(needs: readonly KernelNeed[]): Promise<Obstacle | undefined> {
  if (process.getuid?.() !== 0) return { reason: 'that needs root', remedy: 'Run it as root.' };
  // Modules that are missing, or built into the kernel, are no failure: what counts is tried below.
  await run(['modprobe', '-a', '-q', ...KERNEL_MODULES], { accept: [0, 1] }).catch(() => undefined);
  const missing: KernelNeed[] = [];
  for (const need of needs) {
    if (!(await isMet(need))) missing.push(need);
  }
  if (missing.length === 0) return undefined;
  return {
    reason: `it has no ${missing.map(({ feature }) => feature).join(', ')}`,
    remedy: `Load or install the kernel modules ${missing.map(({ module }) => module).join(', ')}.`,
  };
}

// Each argument is a command in one word-separated text; the words hold no blanks and no shell syntax.
const TRY = 'for c in "$@"; do $c || exit 1; done';

async function isMet({ commands }: KernelNeed): Promise<boolean> {
  try {
    await run([
      ...(['unshare', '--net', '/bin/sh', '-c', TRY, 'netmgr-probe'] as const),
      ...commands.map((command) => command.join(' ')),
    ]);
    return true;
  } catch (error) {
    if (error instanceof NetmgrError) return false;
    throw new NetmgrError({ kind: 'Bug', message: messageOf(error), cause: error });
  }
}

/** Whether PATH leads to a program. */
function isInstalled(program: string): boolean {
  return [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin'].some(
    (directory) => directory !== '' && existsSync(join(directory, program)),
  );
}
