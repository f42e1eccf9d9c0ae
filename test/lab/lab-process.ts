import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { INSIDE_MAIN } from '../../src/lab/make-job.js';
import { startAttached, type AttachedProcess } from '../../src/process/start-attached.js';

const ENTRY = fileURLToPath(new URL('lab-main.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');
// tsx looks for it in the working directory.
const TSCONFIG = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));
const MARK = 'NETMGR_LAB_TEST';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

export const PAIR = fixture('real-env/pair.xml');
/** Asks for nothing that this machine's kernel may not have. */
export const PAIR_BANDWIDTH = fixture('virtual-env/pair-bandwidth.xml');

export function requireBuild(): void {
  if (!existsSync(INSIDE_MAIN)) throw new Error(`${INSIDE_MAIN} is missing: run npm run build first`);
}

/** `netmgr lab run` as a process of its own, with a temporary directory that is its alone. */
export class LabProcess {
  readonly directory = mkdtempSync(join(tmpdir(), 'netmgr-lab-test-'));
  readonly process: AttachedProcess;
  readonly stdout: Promise<Buffer>;
  private readonly mark = randomUUID();
  private seen = Buffer.alloc(0);
  private stderrText = '';

  constructor(args: readonly string[], input: Buffer = Buffer.alloc(0)) {
    const { NODE_OPTIONS: _, ...inherited } = process.env as Record<string, string>;
    this.process = startAttached([process.execPath, '--import', TSX, ENTRY, 'lab', 'run', ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: this.directory,
      env: { ...inherited, TMPDIR: this.directory, [MARK]: this.mark, TSX_TSCONFIG_PATH: TSCONFIG },
    });
    const [stdin, stdout, stderr] = this.process.streams;
    stdin?.on('error', () => undefined).end(input);
    stderr?.on('data', (bytes: Buffer) => (this.stderrText += bytes.toString()));
    this.stdout = new Promise((resolve) => {
      const pieces: Buffer[] = [];
      stdout?.on('data', (bytes: Buffer) => {
        pieces.push(bytes);
        if (this.seen.length < 65_536) this.seen = Buffer.concat([this.seen, bytes]);
      });
      stdout?.on('close', () => resolve(Buffer.concat(pieces)));
    });
  }

  get stderr(): string {
    return this.stderrText;
  }

  /** Fulfils with the exit code, or the signal that ended it. */
  async end(): Promise<number | string> {
    const { exitCode, signal, notStarted } = await this.process.ended;
    return exitCode ?? signal ?? notStarted ?? '';
  }

  /** Fulfils when the command has printed the text. @throws Error if the lab ends before. */
  async prints(text: string): Promise<void> {
    const state = { over: false };
    void this.process.ended.then(() => (state.over = true));
    while (!this.seen.includes(text)) {
      if (state.over) throw new Error(`the lab ended without printing ${text}: ${this.stderrText}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The processes of this lab, by what was put into their environment. */
  get processes(): readonly string[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => readProc(pid, 'environ').includes(this.mark))
      .map((pid) => `${pid} ${readProc(pid, 'cmdline').replaceAll('\0', ' ')}`);
  }

  /** Fulfils when no process is left. @throws Error if some are after ten seconds. */
  async leavesNoProcess(): Promise<void> {
    for (let tries = 0; this.processes.length > 0; tries += 1) {
      if (tries === 100) throw new Error(`left behind: ${this.processes.join('; ')}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** What lies in its directory, which was its temporary directory too. */
  get files(): readonly string[] {
    // tsx keeps its cache there.
    return readdirSync(this.directory).filter(
      (name) => !name.startsWith('tsx-') && name !== 'node-compile-cache',
    );
  }

  remove(): void {
    this.process.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
