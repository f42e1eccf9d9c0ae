import { randomInt } from 'node:crypto';
import { messageOf } from '../../../errors.js';
import { Mutex } from '../../config/mutex.js';
import { LineSocket } from '../line-socket.js';
import { noAnswer, noChannel } from './agent-errors.js';
import { parseAnswer, returnedBy } from './answer.js';
import { asciiJson } from './ascii-json.js';
import type { LastingAgent } from './shared-agent.js';

/** What an agent keeps of a command's two outputs (16 MiB each), in base64, and something around it. */
const MAX_ANSWER = 48 * 1024 * 1024;
/** Begins a new conversation, whatever was left of the last one. */
const SENTINEL = 0xff;
/** Milliseconds for a connection, and for an agent to say that it is there. */
const SYNC_TIMEOUT = 10_000;
/** 2^31: an agent's parser is sure to take what is less. */
const IDS = 0x7fffffff;

interface Waiting {
  readonly isAnswer: (line: string) => boolean;
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The agent behind a Unix socket, as QEMU has it for a machine without libvirt. QEMU serves one connection at a time; who else
 * connects waits until it is closed.
 */
export class SocketAgent implements LastingAgent {
  readonly #turns = new Mutex();
  #waiting: Waiting | undefined;
  #failure: Error | undefined;

  private constructor(
    private readonly socket: LineSocket,
    private readonly machine: string,
  ) {
    socket.listen({
      onLine: (line) => {
        this.#answered(line);
      },
      onEnd: (reason) => {
        this.#fail(reason);
      },
    });
  }

  /**
   * @param channel what gives a machine such a socket, for the error
   * @throws NetmgrError `CommandFailed` if there is no such socket, or nobody answers behind it
   */
  static async connect(path: string, machine: string, channel: string): Promise<SocketAgent> {
    const socket = await LineSocket.connect(path, SYNC_TIMEOUT, MAX_ANSWER).catch((error: unknown) => {
      throw noChannel(machine, channel, error);
    });
    const agent = new SocketAgent(socket, machine);
    try {
      await agent.#synchronize();
      return agent;
    } catch (error) {
      agent.close();
      throw error;
    }
  }

  /** Whether nothing can be asked any more. */
  get isClosed(): boolean {
    return this.#failure !== undefined;
  }

  ask(command: string, parameters: Readonly<Record<string, unknown>>, timeout: number): Promise<unknown> {
    return this.#turns.run(async () => {
      const line = await this.#exchange(textOf(command, parameters), timeout);
      return returnedBy(line, this.machine, command);
    });
  }

  close(): void {
    this.#fail(new Error('the connection was closed'));
  }

  /** Answers to what somebody else has asked, and that to the sentinel itself, are passed over. */
  #synchronize(): Promise<void> {
    return this.#turns.run(async () => {
      const id = randomInt(1, IDS);
      const text = String.fromCharCode(SENTINEL) + textOf('guest-sync-delimited', { id });
      await this.#exchange(text, SYNC_TIMEOUT, (line) => parseAnswer(line)['return'] === id);
    });
  }

  /** Sends a text and gives the next line, or the next that is an answer. What came too late would be taken for another's answer: the connection ends. */
  #exchange(text: string, timeout: number, isAnswer = (_line: string) => true): Promise<string> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        this.#fail(new Error(`no answer within ${String(timeout / 1000)} s`));
      };
      this.#waiting = { isAnswer, resolve, reject, timer: setTimeout(fail, Math.max(0, timeout)) };
      // The sentinel is one octet.
      this.socket.write(text);
    });
  }

  /** What nobody has asked for is passed over. */
  #answered(octets: Buffer): void {
    const line = octets.toString('utf8', octets[0] === SENTINEL ? 1 : 0);
    const waiting = this.#waiting;
    if (waiting?.isAnswer(line) !== true) return;
    this.#waiting = undefined;
    clearTimeout(waiting.timer);
    waiting.resolve(line);
  }

  #fail(reason: Error): void {
    this.#failure ??= noAnswer(this.machine, new Error(messageOf(reason)));
    this.socket.close();
    clearTimeout(this.#waiting?.timer);
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
  }
}

/** In ASCII, for the encoding on the way. */
const textOf = (execute: string, parameters: Readonly<Record<string, unknown>>): string =>
  `${asciiJson({ execute, arguments: parameters })}\n`;
