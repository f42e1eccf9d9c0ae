import { createConnection, type Socket } from 'node:net';

const NEWLINE = 0x0a;

/** Who hears of what comes. */
export interface LineListener {
  /** A line without its end. */
  readonly onLine: (line: Buffer) => void;
  /** Nothing comes any more. Not told of a {@link LineSocket.close}. */
  readonly onEnd: (reason: Error) => void;
}

/** A Unix socket whose other side speaks in lines, such as QEMU's monitor and the guest agent; neither is trusted. */
export class LineSocket {
  #parts: Buffer[] = [];
  #length = 0;
  #listener: LineListener | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly maxLine: number,
  ) {
    let reason = new Error('the other side has closed the connection');
    socket.on('data', (data: Buffer) => {
      this.#take(data);
    });
    socket.on('error', (error) => {
      reason = error;
    });
    socket.on('close', () => {
      this.#listener?.onEnd(reason);
    });
    // It is no reason to go on living.
    socket.unref();
  }

  /**
   * @param timeout milliseconds
   * @param maxLine octets, beyond which the connection ends
   * @throws Error with the code of connect(2), such as ENOENT
   */
  static connect(path: string, timeout: number, maxLine: number): Promise<LineSocket> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ path });
      const timer = setTimeout(() => {
        socket.destroy(new Error(`no connection within ${String(timeout / 1000)} s`));
      }, timeout);
      socket.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      socket.once('connect', () => {
        clearTimeout(timer);
        socket.removeAllListeners('error');
        resolve(new LineSocket(socket, maxLine));
      });
    });
  }

  /** What came before is told at once. */
  listen(listener: LineListener): void {
    this.#listener = listener;
    this.#tell();
    if (this.socket.closed) listener.onEnd(new Error('the other side has closed the connection'));
  }

  /** @param text each of its characters one octet */
  write(text: string): void {
    this.socket.write(text, 'latin1');
  }

  close(): void {
    this.#listener = undefined;
    this.socket.destroy();
  }

  #take(data: Buffer): void {
    this.#parts.push(data);
    this.#length += data.length;
    if (data.includes(NEWLINE)) this.#tell();
    if (this.#length > this.maxLine) this.socket.destroy(new Error('the other side says more than it may'));
  }

  #tell(): void {
    let rest = Buffer.concat(this.#parts);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      if (this.#listener === undefined) break;
      const line = rest.subarray(0, end);
      rest = rest.subarray(end + 1);
      this.#listener.onLine(line);
    }
    this.#parts = [rest];
    this.#length = rest.length;
  }
}
