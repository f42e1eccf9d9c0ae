import { failuresOf, NetmgrError, rejectionsOf, throwIfAny } from '../errors.js';
import type { HostAnswer, HostRequest } from './control/host-request.js';
import type { HostKernelListener } from './host-kernel.js';
import { PoweredHost, type StartHost } from './powered-host.js';

/** The hosts of a lab whose hosts have kernels of their own. */
export class PoweredHosts {
  private readonly hosts: ReadonlyMap<string, PoweredHost>;
  /** In which host the command of a number runs. */
  private readonly places = new Map<number, PoweredHost>();
  private closed = false;

  constructor(
    starts: ReadonlyMap<string, StartHost>,
    private readonly listener: HostKernelListener,
  ) {
    const own = { ...listener, onAnswer: (id: number, answer: HostAnswer) => this.answer(id, answer) };
    this.hosts = new Map([...starts].map(([name, start]) => [name, new PoweredHost(name, start, own)]));
  }

  /** Switches all on, and fulfils when all agents answer. @throws NetmgrError or ApplyError */
  async start(): Promise<void> {
    const results = await Promise.allSettled([...this.hosts.values()].map((host) => host.powerOn()));
    throwIfAny(rejectionsOf(results), 'hosts could not be started');
  }

  /** Does what the lab's command asks; the answer comes to the listener. */
  obey(id: number, request: HostRequest): void {
    switch (request.type) {
      case 'power-off':
        this.power(id, request.host, (host) => host.powerOff());
        break;
      case 'power-on':
        this.power(id, request.host, (host) => host.powerOn());
        break;
      case 'exec': {
        const host = this.hosts.get(request.host);
        if (host === undefined) {
          this.answer(id, failed(this.unknown(request.host)));
          return;
        }
        this.places.set(id, host);
        host.pass(id, request);
        break;
      }
      case 'taken':
      case 'cancel':
        this.places.get(id)?.pass(id, request);
        break;
    }
  }

  /** Has those that are on tell what is to be told at the end, and ends all. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.hosts.values()].map((host) => host.close()));
  }

  /** Ends all at once, and fulfils when nothing of them is left. */
  async kill(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.hosts.values()].map((host) => host.powerOff()));
  }

  private power(id: number, name: string, work: (host: PoweredHost) => Promise<void>): void {
    const host = this.hosts.get(name);
    const done =
      host === undefined ? Promise.reject(this.unknown(name)) : this.closed ? undefined : work(host);
    Promise.resolve(done).then(
      () => this.answer(id, { type: 'ended', exitCode: 0 }),
      (error: unknown) => this.answer(id, failed(error)),
    );
  }

  private answer(id: number, answer: HostAnswer): void {
    if (answer.type !== 'output') this.places.delete(id);
    this.listener.onAnswer(id, answer);
  }

  private unknown(name: string): NetmgrError {
    return new NetmgrError({
      kind: 'InvalidInput',
      message: 'no host of the lab has this name',
      subject: name,
      hint: `There are ${[...this.hosts.keys()].join(', ')}.`,
    });
  }
}

function failed(error: unknown): HostAnswer {
  return { type: 'failed', errors: failuresOf(error).map((failure) => failure.toJSON()) };
}
