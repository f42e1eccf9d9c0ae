import { NetmgrError } from '../../errors.js';
import type { HostAnswer, HostRequest } from '../control/host-request.js';
import type { LabJob } from '../control/message.js';
import { Command } from './command.js';

/** Runs commands in the namespaces of a host with a kernel of its own. */
export class HostServer {
  private readonly commands = new Map<number, Command>();
  private readonly waiting = new Map<number, (() => void)[]>();

  constructor(
    private readonly job: LabJob,
    private readonly env: Readonly<Record<string, string>>,
    private readonly answer: (id: number, answer: HostAnswer) => void,
  ) {}

  obey(id: number, request: HostRequest): void {
    switch (request.type) {
      case 'exec':
        void this.run(id, request);
        break;
      case 'taken':
        this.waiting.get(id)?.shift()?.();
        break;
      case 'cancel':
        this.commands.get(id)?.stop('SIGTERM');
        // What it still writes goes nowhere.
        for (const go of this.waiting.get(id) ?? []) go();
        this.waiting.delete(id);
        break;
      case 'power-off':
      case 'power-on':
        break;
    }
  }

  private async run(id: number, request: Extract<HostRequest, { type: 'exec' }>): Promise<void> {
    const { host, machine = host, command } = request;
    if (!this.job.layout.namespaces.includes(machine)) {
      const error = new NetmgrError({
        kind: 'InvalidInput',
        message: `${host} has no machine ${machine}`,
        subject: host,
      });
      this.answer(id, { type: 'failed', errors: [error.toJSON()] });
      return;
    }
    this.waiting.set(id, []);
    const running = Command.start(
      { ...this.job, command: ['ip', 'netns', 'exec', machine, ...command], relay: true },
      this.env,
      { wantInput: () => undefined, output: (stream, bytes) => this.output(id, stream, bytes) },
    );
    this.commands.set(id, running);
    running.input(Buffer.alloc(0));
    const { exitCode } = await running.end();
    this.commands.delete(id);
    this.waiting.delete(id);
    this.answer(id, { type: 'ended', exitCode });
  }

  /** Fulfils when it has been written: no more than a piece per stream is ever under way. */
  private async output(id: number, stream: 'stdout' | 'stderr', bytes: Buffer): Promise<void> {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return;
    this.answer(id, { type: 'output', stream, base64: bytes.toString('base64') });
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
}
