import type { Readable, Writable } from 'node:stream';
import { encodeFrame, FrameDecoder, type BytesType, type Frame } from './frame.js';
import { WindowedWriter } from './window.js';

/** What may arrive at one end of the control line. */
export interface LineListener<In> {
  readonly onMessage: (message: In) => void;
  /** The line is not read further until the promise has been fulfilled. */
  readonly onBytes: (type: BytesType, bytes: Buffer) => Promise<void> | void;
  /** The other end is gone. Called once. */
  readonly onClose: () => void;
}

/** How a line treats what it is made of. */
export interface LineOptions {
  /** Octets that may be under way to the other end, which then must acknowledge. Default: any number. */
  readonly window?: number;
  /** Tell the other end what has been taken. */
  readonly acknowledge?: boolean;
}

/**
 * One end of the line between the inside of a lab and the program that the user started. Whoever sees it close knows
 * that the other is gone, however it went.
 */
export class ControlLine<In, Out> {
  private readonly decoder = new FrameDecoder();
  private readonly writer: WindowedWriter;
  private closed = false;

  constructor(
    private readonly input: Readable,
    private readonly output: Writable,
    private readonly listener: LineListener<In>,
    private readonly options: LineOptions = {},
  ) {
    this.writer = new WindowedWriter(output, options.window ?? Infinity);
    output.on('error', () => this.close());
    void this.read();
  }

  send(message: Out): void {
    this.write({ type: 'message', payload: Buffer.from(JSON.stringify(message)) });
  }

  /** Fulfils when the line takes more. */
  async sendBytes(type: BytesType, bytes: Buffer): Promise<void> {
    this.write({ type, payload: bytes });
    await new Promise<void>((resolve) => this.writer.whenIdle(resolve));
    if (this.closed || !this.output.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      this.output.once('drain', resolve);
      this.output.once('close', resolve);
    });
  }

  private write(frame: Frame): void {
    if (!this.closed) this.writer.write(encodeFrame(frame));
  }

  private async read(): Promise<void> {
    try {
      for await (const piece of this.input as AsyncIterable<Buffer>) {
        if (this.options.acknowledge === true) this.acknowledge(piece.length);
        for (const frame of this.decoder.decode(piece)) await this.receive(frame);
      }
    } catch {
      // A line that breaks and one that ends mean the same.
    }
    this.close();
  }

  private acknowledge(octets: number): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(octets);
    this.write({ type: 'taken', payload });
  }

  private async receive({ type, payload }: Frame): Promise<void> {
    if (type === 'taken') this.writer.taken(payload.readUInt32BE(0));
    else if (type === 'message') this.listener.onMessage(JSON.parse(payload.toString()) as In);
    else await this.listener.onBytes(type, payload);
  }

  private close(): void {
    if (this.closed) return;
    this.closed = true;
    this.listener.onClose();
  }
}
