import type { Writable } from 'node:stream';

/**
 * Writes to a stream no more than the other end is known to have room for.
 *
 * The serial line of a User-Mode Linux kernel (6.1) stops for ever when more than its input buffer of 4096 octets
 * arrives before somebody reads: it throttles, and is never woken again. The other way it takes any amount.
 */
export class WindowedWriter {
  private waiting: Buffer[] = [];
  private room: number;
  private idle: (() => void)[] = [];

  constructor(
    private readonly output: Writable,
    window: number,
  ) {
    this.room = window;
  }

  /** Writes, or keeps the bytes until there is room: it would be good not to write more before {@link whenIdle}. */
  write(bytes: Buffer): void {
    this.waiting.push(bytes);
    this.flush();
  }

  /** Calls back when nothing waits. */
  whenIdle(callback: () => void): void {
    if (this.waiting.length === 0) callback();
    else this.idle.push(callback);
  }

  /** The other end has taken so many octets. */
  taken(octets: number): void {
    this.room += octets;
    this.flush();
  }

  private flush(): void {
    for (let first = this.waiting[0]; first !== undefined && this.room > 0; first = this.waiting[0]) {
      const piece = first.subarray(0, this.room);
      this.room -= piece.length;
      this.output.write(piece);
      if (piece.length === first.length) this.waiting.shift();
      else this.waiting[0] = first.subarray(piece.length);
    }
    if (this.waiting.length > 0) return;
    const { idle } = this;
    this.idle = [];
    for (const callback of idle) callback();
  }
}
