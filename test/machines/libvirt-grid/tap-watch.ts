import { createInterface } from 'node:readline';
import { startAttached } from '../../../src/process/start-attached.js';
import { ENDS_WITH_US } from '../test-host.js';
import type { ManagedHost } from './managed-host.js';

/** Milliseconds from one look to the next. */
const LOOK = 20;

/** Tells when taps appear at a host, by the kernel's own events. */
export class TapWatch {
  /** By the names of taps: when each appeared, of Date.now(). */
  readonly appeared = new Map<string, number>();
  readonly #stop: () => Promise<void>;

  constructor(private readonly host: ManagedHost) {
    const monitor = startAttached(
      [...host.libvirt.host.enter, ...ENDS_WITH_US, 'ip', '-ts', '-o', 'monitor', 'link'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [, stdout] = monitor.streams;
    if (!stdout) throw new Error('the monitor has no output');
    createInterface({ input: stdout }).on('line', (line) => {
      const [, time = '', tap = ''] = /^\[([^\]]+)\] *\d+: (vnet\d+): </.exec(line) ?? [];
      if (tap !== '' && !this.appeared.has(tap)) this.appeared.set(tap, new Date(time).getTime());
    });
    this.#stop = async () => {
      monitor.kill('SIGKILL');
      await monitor.ended;
    };
  }

  /** Milliseconds from the appearance of a new tap until it has all that belongs to it, and which it is. */
  async shaped(timeout: number): Promise<{ tap: string; after: number }> {
    const deadline = Date.now() + timeout;
    while (Date.now() < deadline) {
      for (const [tap, at] of this.appeared) {
        if (await isShaped(this.host, tap)) return { tap, after: Date.now() - at };
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
    throw new Error(`no new tap was shaped within ${String(timeout)} ms`);
  }

  stop(): Promise<void> {
    return this.#stop();
  }
}

/** Whether a tap has its tree of qdiscs, its IFB and its places in the sets of nft. */
export async function isShaped({ run }: ManagedHost, tap: string): Promise<boolean> {
  const accept = [0, 1, 2];
  const qdiscs = (await run(['tc', 'qdisc', 'show', 'dev', tap], { accept })).stdout;
  if (!qdiscs.includes('htb 4e4d:') || !qdiscs.includes('ingress')) return false;
  const redirect = (await run(['tc', 'filter', 'show', 'dev', tap, 'ingress'], { accept })).stdout;
  if (!redirect.includes('mirred')) return false;
  const table = (await run(['nft', 'list', 'table', 'bridge', 'netmgr'], { accept })).stdout;
  return ['guarded', 'managed', 'hold-known'].every((set) =>
    new RegExp(`set ${set} \\{[^}]*elements = \\{[^}]*"${tap}"`).test(table),
  );
}
