import type { Readable, Writable } from 'node:stream';

/** Reads a stream piece by piece, each only when it is asked for. */
export class StandardInput {
  private readonly pieces: AsyncIterator<Buffer>;
  private closed = false;

  /** `onBytes` gets each piece, and one without bytes at the stream's end. */
  constructor(
    private readonly stream: Readable,
    private readonly onBytes: (bytes: Buffer) => void,
  ) {
    this.pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  next(): void {
    void this.pieces.next().then(
      ({ done, value }) => this.give(done === true ? Buffer.alloc(0) : value),
      () => this.give(Buffer.alloc(0)),
    );
  }

  /** Lets go of the stream, so that it does not keep the process alive. */
  close(): void {
    this.closed = true;
    this.stream.destroy();
  }

  private give(bytes: Buffer): void {
    if (!this.closed) this.onBytes(bytes);
  }
}

/** Writes to one of our standard streams, and fulfils when it takes more. A reader that has gone is no failure. */
export function writeOutput(stream: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    stream.write(bytes, () => resolve());
  });
}
