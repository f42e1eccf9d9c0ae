import { openSync } from 'node:fs';
import { Socket } from 'node:net';
import { ReadStream, WriteStream } from 'node:tty';
import { mkdir } from 'node:fs/promises';
import { failuresOf } from '../../errors.js';
import { run } from '../../process/run.js';
import { ControlLine } from '../control/line.js';
import type { LabJob, Order, Report } from '../control/message.js';
import type { Agents } from './agents.js';
import { Command, resizeConsole } from './command.js';
import { Gate } from './gate.js';
import { HostRequests } from './host-requests.js';
import { HostServer } from './host-server.js';
import { applyVirtual, buildLab, startAgents, type Environment } from './run-job.js';
import type { Tell } from './step.js';

// Started by an init that has made the mounts; everything that it is to do comes over the control line. When the line
// closes, the program outside is gone, and with our end the namespaces or the kernel go too.

const SERIAL_LINE = '/dev/ttyS0';
const CONTROL_DESCRIPTOR = 3;
const FLUSH = 3000;

/** What has to be kept between orders. */
class Inside {
  private readonly line: ControlLine<Order, Report>;
  private command: Command | undefined;
  private hostRequests: HostRequests | undefined;
  private hostServer: HostServer | undefined;
  /** What the outside says once, by the type of its order. */
  private readonly orders = { go: new Gate(), 'hosts-ready': new Gate(), close: new Gate() };
  private stopped: NodeJS.Signals | undefined;

  constructor(kernel: string | undefined) {
    const [input, output] = kernel === 'uml' ? serialLine() : inheritedLine();
    this.line = new ControlLine<Order, Report>(
      input,
      output,
      {
        onMessage: (order) => this.obey(order),
        onBytes: (_type, bytes) => this.command?.input(bytes),
        onClose: () => process.exit(),
      },
      { acknowledge: kernel === 'uml' },
    );
    this.line.send({ type: 'hello' });
  }

  private obey(order: Order): void {
    switch (order.type) {
      case 'job':
        void this.perform(order.job);
        break;
      case 'go':
      case 'hosts-ready':
      case 'close':
        this.orders[order.type].open();
        break;
      case 'host-request':
        this.hostServer?.obey(order.id, order.request);
        break;
      case 'host-answer':
        this.hostRequests?.answer(order.id, order.answer);
        break;
      case 'resize':
        void resizeConsole(order.rows, order.columns);
        break;
      case 'stop':
        if (this.command === undefined) this.end(1);
        this.stopped = order.signal;
        this.command?.stop(order.signal);
        break;
    }
  }

  private async perform(job: LabJob): Promise<void> {
    try {
      if (job.kernel === 'uml') await openDirectory(job.cwd);
      const tell: Tell = (report) => this.line.send(report);
      const env = await buildLab(job, tell);
      const agents = await startAgents(job, env, tell);
      if (job.part === 'host') {
        await this.serveHost(job, env);
        await this.tellTheRest(job, agents);
        this.line.send({ type: 'closed' });
        return;
      }
      if (job.part === 'switches') await this.joinHosts();
      await applyVirtual(job, env, tell);
      if (this.stopped !== undefined) return;
      this.line.send({ type: 'command' });
      await this.orders.go.opened;
      const exitCode = await this.runCommand(job, env);
      await this.tellTheRest(job, agents);
      this.end(exitCode);
    } catch (error) {
      this.line.send({ type: 'failed', errors: failuresOf(error).map((failure) => failure.toJSON()) });
      this.end(1);
    }
  }

  /** Fulfils when the agents of the hosts, which have kernels of their own, answer. */
  private async joinHosts(): Promise<void> {
    this.hostRequests = await HostRequests.listen((id, request) =>
      this.line.send({ type: 'host-request', id, request }),
    );
    await this.orders['hosts-ready'].opened;
  }

  /** Does what is asked of the host until the lab ends. */
  private async serveHost(job: LabJob, env: Environment): Promise<void> {
    this.hostServer = new HostServer(job, env, (id, answer) =>
      this.line.send({ type: 'host-answer', id, answer }),
    );
    this.line.send({ type: 'host-ready' });
    await this.orders.close.opened;
  }

  private async tellTheRest(job: LabJob, agents: Agents | undefined): Promise<void> {
    for (const text of agents?.close() ?? []) this.line.send({ type: 'notice', text });
    if (job.kernel === 'uml') await run(['sync']);
  }

  private async runCommand(job: LabJob, env: Environment): Promise<number> {
    this.command = Command.start(job, env, {
      wantInput: () => this.line.send({ type: 'want-stdin' }),
      output: (type, bytes) => this.line.sendBytes(type, bytes),
    });
    const { exitCode, notStarted } = await this.command.end();
    if (notStarted !== undefined) this.line.send({ type: 'notice', text: notStarted });
    return exitCode;
  }

  /** The other side closes the line when it has read everything. */
  private end(exitCode: number): void {
    this.line.send({ type: 'ended', exitCode });
    setTimeout(() => process.exit(), FLUSH);
  }
}

function serialLine(): [ReadStream, WriteStream] {
  return [new ReadStream(openSync(SERIAL_LINE, 'r')), new WriteStream(openSync(SERIAL_LINE, 'w'))];
}

function inheritedLine(): [Socket, Socket] {
  const socket = new Socket({ fd: CONTROL_DESCRIPTOR, readable: true, writable: true });
  return [socket, socket];
}

/** The root file system's changes are lost with the kernel; the caller's directory is the machine's own. */
async function openDirectory(path: string): Promise<void> {
  if (path === '/') return;
  await mkdir(path, { recursive: true });
  await run(['mount', '-t', 'hostfs', 'none', '-o', path, path]);
}

// A terminal's Ctrl-C is the command's, or comes as an order.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM', 'SIGQUIT'] as const) process.on(signal, () => undefined);
new Inside(process.argv[2]);
