import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { run, start, type CommandOutput, type RunningProcess } from '../../../src/process/run.js';

const INIT = fileURLToPath(new URL('systemd-init.sh', import.meta.url));
const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);

/** Why no systemd can be started here; undefined if it can. */
export async function withoutSystemd(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'no root';
  if (!existsSync('/lib/systemd/systemd')) return 'no systemd';
  return (await unifiedHierarchy()) === undefined ? 'no control groups of version 2' : undefined;
}

async function unifiedHierarchy(): Promise<string | undefined> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  return mounts.find(([, , type]) => type === 'cgroup2')?.[1];
}

/** A systemd that runs: the first process of its own namespaces, with this machine's files. */
export class SystemdMachine {
  private constructor(
    private readonly outer: RunningProcess,
    private readonly pid: number,
    private readonly group: string,
  ) {}

  static async start(): Promise<SystemdMachine> {
    const group = join((await unifiedHierarchy()) ?? '', `netmgr-test-${randomBytes(4).toString('hex')}`);
    await mkdir(group);
    const outer = start([INIT, group], { stderr: 'inherit' });
    const over = outer.then(() => Promise.reject(new Error('systemd has ended')));
    const machine = (async () => {
      for (;;) {
        const made = new SystemdMachine(outer, await firstProcess(group), group);
        if (made.pid !== 0 && (await made.systemctl('is-system-running')).stdout === 'running\n') return made;
        await delay(50);
      }
    })();
    return Promise.race([machine, over]);
  }

  /** Runs a command there, with this process's rights. @throws NetmgrError unless it ends with 0 */
  run(
    argv: readonly [string, ...string[]],
    env: Readonly<Record<string, string>> = {},
  ): Promise<CommandOutput> {
    return run(['nsenter', '--target', String(this.pid), '--all', ...argv], { env });
  }

  /** Runs systemctl there, whatever its exit code. */
  systemctl(...args: readonly string[]): Promise<CommandOutput> {
    const argv = [
      'nsenter',
      '--target',
      String(this.pid),
      '--all',
      'systemctl',
      '--no-pager',
      ...args,
    ] as const;
    return run([...argv], { accept: ANY_EXIT_CODE });
  }

  /** A property of the unit, as systemd sees it now. */
  async show(property: string, unit: string): Promise<string> {
    return (await this.systemctl('show', '--property', property, '--value', unit)).stdout.trim();
  }

  /** The processes of the unit, by their names. */
  async processes(unit: string): Promise<readonly string[]> {
    const path = join(this.group, 'system.slice', unit, 'cgroup.procs');
    const pids = (await readFile(path, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    const names = pids.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => ''));
    return (await Promise.all(names)).map((name) => name.trim());
  }

  /** Ends all that runs there. */
  async stop(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
    await this.outer;
    await removeGroup(this.group);
  }
}

/** The systemd of the group, seen from here; 0 as long as there is none. */
async function firstProcess(group: string): Promise<number> {
  const text = await readFile(join(group, 'init.scope', 'cgroup.procs'), 'utf8').catch(() => '');
  for (const pid of text.split('\n').filter((line) => line !== '')) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    // The last number is its id in its own namespace.
    if (/^NSpid:.*\t1$/m.test(status)) return Number(pid);
  }
  return 0;
}

/** A group can be removed when its last process is quite gone. */
async function removeGroup(group: string): Promise<void> {
  for (const entry of await readdir(group, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeGroup(join(group, entry.name));
  }
  for (;;) {
    try {
      await rmdir(group);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
      await delay(50);
    }
  }
}
