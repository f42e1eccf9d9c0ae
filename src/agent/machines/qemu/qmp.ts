import { messageOf, NetmgrError } from '../../../errors.js';
import { recordOf, textOf } from '../../kernel/printed.js';
import { parseAnswer } from '../guest-agent/answer.js';
import { asciiJson } from '../guest-agent/ascii-json.js';
import { LineSocket } from '../line-socket.js';

/** Milliseconds for a monitor to answer: QEMU does so between two steps of its machine. */
const ANSWER_TIMEOUT = 10_000;
const MAX_LINE = 4 * 1024 * 1024;

interface Waiting {
  readonly resolve: (returned: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** What a monitor tells without being asked ("QEMU QMP Reference Manual", events). */
export type OnEvent = (event: string) => void;

/**
 * A connection to the monitor of one QEMU ("QMP Protocol Specification"). QEMU serves one at a time: nobody else can use this
 * socket meanwhile, and a machine may have several.
 */
export class Qmp {
  readonly #waiting = new Map<string, Waiting>();
  #last = 0;
  #failure: Error | undefined;

  private constructor(
    private readonly socket: LineSocket,
    private readonly machine: string,
    private readonly onEvent: OnEvent,
    private readonly onEnd: () => void,
  ) {
    socket.listen({
      onLine: (line) => {
        this.#heard(parseAnswer(line.toString()));
      },
      onEnd: (reason) => {
        this.#fail(reason);
      },
    });
  }

  /** @throws NetmgrError `CommandFailed` if there is no such socket, or it is in use, or no QEMU's */
  static async connect(path: string, machine: string, onEvent: OnEvent, onEnd: () => void): Promise<Qmp> {
    const socket = await LineSocket.connect(path, ANSWER_TIMEOUT, MAX_LINE).catch((error: unknown) => {
      throw noMonitor(machine, path, messageOf(error));
    });
    const qmp = new Qmp(socket, machine, onEvent, onEnd);
    try {
      await qmp.ask('qmp_capabilities');
      return qmp;
    } catch (error) {
      qmp.close();
      throw noMonitor(machine, path, messageOf(error));
    }
  }

  /** Whether nothing can be asked any more. */
  get isClosed(): boolean {
    return this.#failure !== undefined;
  }

  /** @throws NetmgrError `CommandFailed` in QEMU's words, or if it does not answer */
  ask(command: string, parameters?: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = String(++this.#last);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(new Error(`no answer within ${String(ANSWER_TIMEOUT / 1000)} s`));
      }, ANSWER_TIMEOUT);
      this.#waiting.set(id, { resolve, reject, timer });
      const message = {
        execute: command,
        ...(parameters === undefined ? {} : { arguments: parameters }),
        id,
      };
      this.socket.write(`${asciiJson(message)}\n`);
    });
  }

  close(): void {
    this.#fail(new Error('the connection was closed'));
  }

  #heard(message: Record<string, unknown>): void {
    if (typeof message['event'] === 'string') this.onEvent(message['event']);
    const id = textOf(message['id']);
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if ('return' in message) waiting.resolve(message['return']);
    else
      waiting.reject(
        failed(this.machine, textOf(recordOf(message['error'])['desc']) || 'an answer of no kind'),
      );
  }

  #fail(reason: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = failed(this.machine, reason.message);
    this.socket.close();
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(this.#failure);
    }
    this.#waiting.clear();
    this.onEnd();
  }
}

function failed(machine: string, words: string): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `QEMU's monitor of ${machine}: ${words}`,
    subject: machine,
  });
}

function noMonitor(machine: string, path: string, words: string): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `QEMU's monitor of ${machine} cannot be asked: ${words}`,
    subject: machine,
    hint: `Start the machine with "-qmp unix:${path},server=on,wait=off", and leave that socket to the agent: QEMU serves one at a time.`,
  });
}
