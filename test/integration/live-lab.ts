import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { startAttached, type AttachedProcess } from '../../src/process/start-attached.js';
import { requireBuild } from '../lab/lab-process.js';
import type { Answers, Managed, Order, Ran } from './order.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const INSIDE = fileURLToPath(new URL('inside.ts', import.meta.url));
const TSCONFIG = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));
const NATIVE_LAB = [MAIN, 'lab', 'run', '--kernel', 'native'];
/** For what this machine's kernel may not have, such as netem. */
export const UML_LAB = [MAIN, 'lab', 'run', '--kernel', 'uml'];
const TSX = import.meta.resolve('tsx');

/** A file of fixtures/, such as `real-env/pair.xml`. */
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

export const PAIR = fixture('real-env/pair.xml');
export const PAIR_BANDWIDTH = fixture('virtual-env/pair-bandwidth.xml');

/** Where a lab keeps its own files; seen from inside only. */
export const LAB_DIRECTORY = '/run/netmgr-lab';

/** Labs on this machine's kernel need root; says so once, as the other tests do. */
export function skipWithoutRoot(context: Mocha.Context, what: string): void {
  requireBuild();
  if (process.getuid?.() === 0) return;
  process.stderr.write(`NOT TESTED: ${what}: no root\n`);
  context.skip();
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** A lab with agents, native if nothing else is said, that stands until it is stopped, and does what it is told inside. */
export class LiveLab {
  /** Seen from inside and outside. */
  readonly directory = mkdtempSync(join(tmpdir(), 'netmgr-live-lab-'));
  private readonly process: AttachedProcess;
  private readonly input: Writable;
  private readonly waiting = new Map<number, Waiting>();
  private words = '';
  private last = 0;

  private constructor(
    files: readonly string[],
    env: Readonly<Record<string, string>>,
    program: readonly string[],
    ready: () => void,
  ) {
    const { NODE_OPTIONS: _, ...inherited } = process.env as Record<string, string>;
    const command = [process.execPath, '--import', TSX, INSIDE] as const;
    this.process = startAttached([process.execPath, ...program, ...files, '--', ...command], {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: this.directory,
      env: { ...inherited, ...env, TSX_TSCONFIG_PATH: TSCONFIG },
    });
    const [stdin, stdout, stderr] = this.process.streams;
    if (!stdin || !stdout || !stderr) throw new Error('the lab has no streams');
    this.input = stdin.on('error', () => undefined);
    stderr.on('data', (bytes: Buffer) => (this.words += bytes.toString()));
    createInterface({ input: stdout }).on('line', (line) => {
      const message = JSON.parse(line) as { id?: number; result?: never; error?: string };
      if (message.id === undefined) ready();
      else this.take(message.id, message);
    });
  }

  /**
   * @param files the real file, and the virtual one if it is to be applied at once
   * @param program what makes the lab, as Node's arguments; takes the files, `--` and a command
   */
  static async start(
    files: readonly string[],
    env: Readonly<Record<string, string>> = { NETMGR_AGENT_LOG_LEVEL: 'debug' },
    program: readonly string[] = NATIVE_LAB,
  ): Promise<LiveLab> {
    const state: { ready: () => void } = { ready: () => undefined };
    const ready = new Promise<'ready'>((resolve) => (state.ready = () => resolve('ready')));
    const lab = new LiveLab(files, env, program, () => state.ready());
    const first = await Promise.race([ready, lab.process.ended]);
    if (first === 'ready') {
      void lab.process.ended.then(() => lab.fail());
      return lab;
    }
    lab.remove();
    throw new Error(`the lab ended before its command began: ${lab.words}`);
  }

  /** Does one thing inside. @throws Error where it could not even be tried */
  order<O extends Order>(order: O): Promise<Answers[O['type']]> {
    const id = (this.last += 1);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.input.write(`${JSON.stringify({ id, order })}\n`);
    });
  }

  /** Runs a command inside, whatever its exit code. */
  try(
    argv: readonly [string, ...string[]],
    options: { input?: string; env?: Record<string, string> } = {},
  ): Promise<Ran> {
    return this.order({ type: 'run', argv, ...options });
  }

  /** Runs a command inside. @throws Error unless it ends with 0 */
  async run(...argv: readonly [string, ...string[]]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.try(argv);
    if (exitCode === 0) return stdout;
    throw new Error(`${argv.join(' ')} ended with ${String(exitCode)}: ${stderr}${stdout}`);
  }

  /** Runs words in the namespace of a host or machine. @throws Error unless they end with 0 */
  at(namespace: string, words: string): Promise<string> {
    return this.run('ip', 'netns', 'exec', namespace, ...words.split(' '));
  }

  read(path: string): Promise<string> {
    return this.order({ type: 'read', path });
  }

  async write(path: string, text: string, mode?: number): Promise<void> {
    await this.order({ type: 'write', path, text, ...(mode === undefined ? {} : { mode }) });
  }

  /** Lets the library do something. @throws Error with what it had to say */
  async manage(verb: 'apply' | 'destroy' | 'plan', real: string, virtual?: string): Promise<Managed> {
    const managed = await this.tryManage(verb, real, virtual);
    if (managed.errors.length > 0) throw new Error(JSON.stringify(managed.errors));
    return managed;
  }

  tryManage(verb: 'apply' | 'destroy' | 'plan', real: string, virtual?: string): Promise<Managed> {
    return this.order({ type: 'manage', verb, real, ...(virtual === undefined ? {} : { virtual }) });
  }

  /** The lines of an agent's log. */
  async log(host: string): Promise<readonly LogLine[]> {
    const text = await this.read(`${LAB_DIRECTORY}/agents/${host}.log`);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine);
  }

  /** Ends the lab; fulfils when it is gone. */
  async stop(): Promise<void> {
    this.input.end();
    const timer = setTimeout(() => this.process.kill('SIGTERM'), 5000);
    await this.process.ended;
    clearTimeout(timer);
    this.remove();
  }

  private take(id: number, { result, error }: { result?: never; error?: string }): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiting?.resolve(result as never);
    else waiting?.reject(new Error(error));
  }

  private fail(): void {
    for (const { reject } of this.waiting.values()) reject(new Error(`the lab ended: ${this.words}`));
    this.waiting.clear();
  }

  private remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** One line of an agent's log, as pino writes it. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly command?: readonly string[];
  readonly input?: string;
}
