import { randomInt } from 'node:crypto';
import { createConnection, type Socket } from 'node:net';
import { NetmgrError } from '../../../errors.js';
import { Mutex } from '../../config/mutex.js';
import { badAnswer, noAnswer, noChannel } from './agent-errors.js';
import { asciiJson } from './ascii-json.js';
import { parseAnswer, returnedBy } from './answer.js';
import type { GuestAgent } from './guest-agent.js';

/** What an agent keeps of a command's two outputs (16 MiB each), in base64, and something around it. */
const MAX_ANSWER = 48 * 1024 * 1024;
/** Begins a new conversation, whatever was left of the last one. */
const SENTINEL = 0xff;
/** Milliseconds for an agent to say that it is there. */
const SYNC_TIMEOUT = 10_000;
/** 2^31: more than an agent's parser is sure to take is of no use. */
const IDS = 0x7fffffff;

const CHANNEL =
  '"-chardev socket,id=qga,path=PATH,server=on,wait=off -device virtio-serial -device virtserialport,chardev=qga,name=org.qemu.guest_agent.0"';

/**
 * The agent behind a Unix socket, as QEMU has it for a machine without libvirt. QEMU serves one connection at a time; who else
 * connects waits until it is closed.
 */
export class SocketAgent implements GuestAgent {
  readonly #turns = new Mutex();
  #received: Buffer[] = [];
  #length = 0;
  #waiting: { readonly line: (line: string) => void; readonly fail: (error: Error) => void } | undefined;
  #failure: Error | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly machine: string,
  ) {
    socket.on('data', (data: Buffer) => {
      this.#take(data);
    });
    socket.on('error', (error) => {
      this.#fail(noAnswer(machine, error));
    });
    socket.on('close', () => {
      this.#fail(noAnswer(machine, new Error('the machine has closed the connection')));
    });
  }

  /** @throws NetmgrError `CommandFailed` if there is no such socket, or nobody answers behind it */
  static async connect(path: string, machine: string): Promise<SocketAgent> {
    const agent = new SocketAgent(await connected(path, machine), machine);
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
    this.#fail(noAnswer(this.machine, new Error('the connection was closed')));
  }

  /** Answers to what somebody else has asked, and that to the sentinel itself, are passed over. */
  #synchronize(): Promise<void> {
    return this.#turns.run(async () => {
      const id = randomInt(1, IDS);
      const deadline = performance.now() + SYNC_TIMEOUT;
      let text = String.fromCharCode(SENTINEL) + textOf('guest-sync-delimited', { id });
      while (parseAnswer(await this.#exchange(text, deadline - performance.now()))['return'] !== id)
        text = '';
    });
  }

  /** Sends a text and gives the next line. What came too late would be taken for another's answer: the connection ends. */
  #exchange(text: string, timeout: number): Promise<string> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => {
          this.#fail(noAnswer(this.machine, new Error(`no answer within ${String(timeout / 1000)} s`)));
        },
        Math.max(0, timeout),
      );
      this.#waiting = {
        line: (line) => {
          clearTimeout(timer);
          resolve(line);
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      // The sentinel is one octet.
      if (text !== '') this.socket.write(text, 'latin1');
      this.#next();
    });
  }

  #take(data: Buffer): void {
    this.#received.push(data);
    this.#length += data.length;
    if (this.#length > MAX_ANSWER) this.#fail(badAnswer(this.machine, 'more than it may'));
    else if (data.includes(NEWLINE)) this.#next();
  }

  #next(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const all = Buffer.concat(this.#received);
    const end = all.indexOf(NEWLINE);
    this.#received = [end < 0 ? all : all.subarray(end + 1)];
    this.#length = all.length - (end + 1);
    if (end < 0) return;
    this.#waiting = undefined;
    const begin = all[0] === SENTINEL ? 1 : 0;
    waiting.line(all.toString('utf8', begin, end));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.socket.destroy();
    this.#received = [];
    this.#length = 0;
    this.#waiting?.fail(this.#failure);
    this.#waiting = undefined;
  }
}

const NEWLINE = 0x0a;

/** In ASCII, for the encoding on the way. */
const textOf = (execute: string, parameters: Readonly<Record<string, unknown>>): string =>
  `${asciiJson({ execute, arguments: parameters })}\n`;

function connected(path: string, machine: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path });
    socket.setTimeout(SYNC_TIMEOUT, () => {
      socket.destroy(noAnswer(machine));
    });
    socket.once('error', (error) => {
      reject(error instanceof NetmgrError ? error : noChannel(machine, CHANNEL.replace('PATH', path), error));
    });
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('error').removeAllListeners('timeout');
      resolve(socket);
    });
  });
}
