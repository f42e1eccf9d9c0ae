import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { NetmgrError } from '../../errors.js';
import { startAttached, type AttachedProcess } from '../../process/start-attached.js';
import type { ProbeOrder, ProberReport } from './messages.js';

// Probers run from the built package, whatever reads this file.
const MAIN = join(fileURLToPath(new URL('../../..', import.meta.url)), 'dist/lab/prober/main.js');
const PORT = 7;
const START_TIMEOUT = 120_000;
/** What an order may take beyond its patience: many probers may share one CPU. */
const SLACK = 60_000;

/** The prober of one machine: answers the others and asks them. It ends with us, or when it is told to. */
export class MachineProber {
  private waiting: ((report: ProberReport | NetmgrError) => void) | undefined;
  private end: NetmgrError | undefined;

  private constructor(
    private readonly machine: string,
    private readonly process: AttachedProcess,
  ) {
    const [stdin, stdout] = process.streams;
    // Its end is told by the process itself.
    stdin?.on('error', () => undefined);
    if (stdout !== null && stdout !== undefined) {
      createInterface({ input: stdout }).on('line', (line) =>
        this.waiting?.(JSON.parse(line) as ProberReport),
      );
    }
    void process.ended.then(({ notStarted, exitCode, signal }) => {
      const how = notStarted ?? signal ?? `exit code ${String(exitCode)}`;
      this.end = this.failure(`the prober ended (${how})`);
      this.waiting?.(this.end);
    });
  }

  /** Starts the prober in the machine's namespace; fulfils when it answers. @throws NetmgrError `CommandFailed`. */
  static async start(machine: string): Promise<MachineProber> {
    const prober = new MachineProber(
      machine,
      startAttached(
        [...(['ip', 'netns', 'exec', machine] as const), process.execPath, MAIN, machine, String(PORT)],
        { stdio: ['pipe', 'pipe', 'inherit'] },
      ),
    );
    try {
      await prober.next(START_TIMEOUT);
      return prober;
    } catch (error) {
      await prober.stop();
      throw error;
    }
  }

  /** Milliseconds until each target's answer; null for none. One order at a time. */
  async ask(order: ProbeOrder): Promise<readonly (number | null)[]> {
    if (order.targets.length === 0) return [];
    const answer = this.next(order.patience + SLACK);
    this.process.streams[0]?.write(`${JSON.stringify(order)}\n`);
    const report = await answer;
    return report.type === 'answers' ? report.milliseconds : [];
  }

  async stop(): Promise<void> {
    this.process.streams[0]?.end();
    const killer = setTimeout(() => this.process.kill('SIGKILL'), 5000);
    await this.process.ended;
    clearTimeout(killer);
  }

  private next(timeout: number): Promise<ProberReport> {
    if (this.end !== undefined) return Promise.reject(this.end);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.waiting?.(this.failure('the prober does not answer')), timeout);
      this.waiting = (report) => {
        this.waiting = undefined;
        clearTimeout(timer);
        if (report instanceof NetmgrError) reject(report);
        else resolve(report);
      };
    });
  }

  private failure(message: string): NetmgrError {
    return new NetmgrError({ kind: 'CommandFailed', message, subject: this.machine });
  }
}
