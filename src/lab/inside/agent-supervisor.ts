import { closeSync, openSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../errors.js';
import { startAttached, type AttachedProcess, type ProcessEnd } from '../../process/start-attached.js';
import { groupIsGone } from '../process-group.js';

const READY = '{"event":"ready"';
/** Before an agent is started again, in milliseconds; twice as long each time that it has lived shortly. */
const PAUSE = 100;
const LONGEST_PAUSE = 5000;
const SHORT_LIFE = 2000;

/** How an agent is started, and where what belongs to it lies. */
export interface SupervisedCommand {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Where its standard error goes; what is there stays. */
  readonly log: string;
  /** Holds the process's id in decimal while it runs, and is not there while it does not. */
  readonly pidFile: string;
}

/**
 * Keeps an agent running as systemd does with `Restart=always` and `KillMode=control-group`: whatever ends it, the rest
 * of its process group is killed, because its snmpd and a batch would outlive it, and it is started again.
 */
export class AgentSupervisor {
  /** Fulfils when it is ready for the first time, or with why it was not: then it is not started again. */
  readonly firstStart: Promise<'ready' | ProcessEnd>;
  private current: AttachedProcess | undefined;
  private starts = 0;
  private last: string | undefined;
  private pause = PAUSE;
  private wasReady = false;
  private readonly closed = new AbortController();

  constructor(private readonly command: SupervisedCommand) {
    this.firstStart = new Promise((resolve) => void this.supervise(resolve));
  }

  /** How often it was started after its first start. */
  get restarts(): number {
    return Math.max(0, this.starts - 1);
  }

  get running(): boolean {
    return this.current !== undefined;
  }

  /** How it ended last, such as `SIGKILL` or `exit code 1`; undefined if it never has. */
  get lastEnd(): string | undefined {
    return this.last;
  }

  /** It is not started again from now on. */
  close(): void {
    this.closed.abort();
  }

  private async supervise(first: (result: 'ready' | ProcessEnd) => void): Promise<void> {
    while (!this.closed.signal.aborted) {
      const begun = performance.now();
      let end: ProcessEnd;
      try {
        end = await this.runOnce(() => first('ready'));
      } catch (error) {
        // A full disk, say: no reason to give it up.
        end = { notStarted: messageOf(error) };
      }
      this.last = end.notStarted ?? end.signal ?? `exit code ${String(end.exitCode)}`;
      first(end);
      if (!this.wasReady) return;
      this.pause = performance.now() - begun < SHORT_LIFE ? Math.min(this.pause * 2, LONGEST_PAUSE) : PAUSE;
      await delay(this.pause, undefined, { signal: this.closed.signal }).catch(() => undefined);
    }
  }

  private async runOnce(onReady: () => void): Promise<ProcessEnd> {
    const { argv, env, log, pidFile } = this.command;
    const descriptor = openSync(log, 'a', 0o600);
    let child: AttachedProcess;
    try {
      child = startAttached(argv, { stdio: ['ignore', 'pipe', descriptor], env, cwd: '/', detached: true });
    } finally {
      closeSync(descriptor);
    }
    this.starts += 1;
    this.current = child;
    // It runs on a full disk too, where the file cannot be written.
    const pidWritten =
      child.pid === undefined ? undefined : writePid(pidFile, child.pid).catch(() => undefined);
    const [, stdout] = child.streams;
    if (stdout !== undefined && stdout !== null) {
      createInterface({ input: stdout }).on('line', (line) => {
        if (!line.startsWith(READY)) return;
        this.wasReady = true;
        // Whoever is told finds the file.
        void pidWritten?.then(onReady);
      });
    }
    const end = await child.ended;
    child.kill('SIGKILL');
    this.current = undefined;
    await pidWritten;
    await rm(pidFile, { force: true });
    // The next agent shall not find a `tc` that still works.
    if (child.pid !== undefined) await groupIsGone(child.pid);
    return end;
  }
}

/** Readers find the whole number or no file. */
async function writePid(path: string, pid: number): Promise<void> {
  await writeFile(`${path}.new`, `${String(pid)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
