import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { startAttached } from '../process/start-attached.js';
import type { Screen } from './screen.js';

export interface NetmgrResult {
  readonly succeeded: boolean;
  readonly stdout: string;
}

/** Runs netmgr as a user would, its progress on our standard error. That it fails is a finding. */
export async function runNetmgr(screen: Screen, ...args: readonly string[]): Promise<NetmgrResult> {
  screen.command(`netmgr ${args.join(' ')}`);
  const netmgr = startAttached(['netmgr', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stdout = await text(netmgr.streams[1] ?? Readable.from([]));
  const { exitCode, signal, notStarted } = await netmgr.ended;
  if (stdout !== '') screen.line(stdout.trimEnd());
  const succeeded = exitCode === 0;
  if (!succeeded) {
    screen.wrong(
      `netmgr ${args[0] ?? ''} ended with ${notStarted ?? signal ?? `exit code ${String(exitCode)}`}`,
    );
  }
  return { succeeded, stdout };
}
