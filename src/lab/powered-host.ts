import { NetmgrError } from '../errors.js';
import type { HostAnswer, HostRequest } from './control/host-request.js';
import type { HostKernel, HostKernelListener } from './host-kernel.js';

/** Starts the kernel of a host, whose disk is blank at its first start. */
export type StartHost = (disk: 'blank' | 'used', listener: HostKernelListener) => HostKernel;

/** A host that is switched off and on. */
export class PoweredHost {
  private disk: 'blank' | 'used' = 'blank';
  private kernel: HostKernel | undefined;
  private isOn = false;
  /** The commands that run in it. */
  private readonly commands = new Set<number>();

  constructor(
    readonly name: string,
    private readonly start: StartHost,
    private readonly listener: HostKernelListener,
  ) {}

  /**
   * Starts it, unless it is on, and fulfils when its agent answers.
   *
   * @throws NetmgrError where it is being started already, cannot be started or is switched off meanwhile.
   */
  async powerOn(): Promise<void> {
    if (this.isOn) return;
    if (this.kernel !== undefined) throw this.error('Conflict', 'it is being switched on');
    const kernel = this.start(this.disk, {
      ...this.listener,
      onAnswer: (id, answer) => this.answer(id, answer),
    });
    this.kernel = kernel;
    void kernel.gone.then(() => this.forget(kernel));
    try {
      await kernel.ready;
    } catch (error) {
      kernel.kill();
      await kernel.gone;
      throw error;
    }
    this.disk = 'used';
    this.isOn = true;
  }

  /** Ends all that runs in it, at once, and fulfils when nothing of it is left. */
  async powerOff(): Promise<void> {
    const { kernel } = this;
    if (kernel === undefined) return;
    this.isOn = false;
    kernel.kill();
    await kernel.gone;
    this.forget(kernel);
  }

  /** Passes on what concerns a command in it. The answers come to the listener. */
  pass(id: number, request: HostRequest): void {
    if (request.type === 'exec') {
      if (!this.isOn) {
        this.listener.onAnswer(id, failed(this.error('Conflict', 'the host is off')));
        return;
      }
      this.commands.add(id);
    }
    if (this.commands.has(id)) this.kernel?.ask(id, request);
  }

  /** Has it tell what is to be told at the end, and ends it. */
  async close(): Promise<void> {
    const { kernel } = this;
    if (!this.isOn || kernel === undefined) return this.powerOff();
    this.isOn = false;
    await kernel.close();
  }

  private answer(id: number, answer: HostAnswer): void {
    if (answer.type !== 'output') this.commands.delete(id);
    this.listener.onAnswer(id, answer);
  }

  /** It has ended, by itself or because it was switched off. */
  private forget(kernel: HostKernel): void {
    if (this.kernel !== kernel) return;
    this.kernel = undefined;
    if (this.isOn) this.listener.onNotice(`the kernel of ${this.name} has ended by itself`);
    this.isOn = false;
    for (const id of [...this.commands]) {
      this.answer(id, failed(this.error('CommandFailed', 'the host was switched off')));
    }
  }

  private error(kind: 'Conflict' | 'CommandFailed', message: string): NetmgrError {
    return new NetmgrError({ kind, message, subject: this.name });
  }
}

function failed(error: NetmgrError): HostAnswer {
  return { type: 'failed', errors: [error.toJSON()] };
}
