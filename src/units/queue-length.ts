import { NetmgrError } from '../errors.js';
import { ByteCount } from './byte-count.js';
import { Duration } from './duration.js';

/** How much may wait for its turn: as the time it waits, as bytes, or as packets of the longest length. */
export class QueueLength {
  private constructor(
    readonly time: Duration | undefined,
    readonly bytes: ByteCount | undefined,
    readonly packets: number | undefined,
  ) {}

  static ofTime(time: Duration): QueueLength {
    return new QueueLength(time, undefined, undefined);
  }

  static ofBytes(bytes: ByteCount): QueueLength {
    return new QueueLength(undefined, bytes, undefined);
  }

  /** @throws NetmgrError `InvalidInput` for anything but a whole, positive number */
  static ofPackets(packets: number): QueueLength {
    if (!Number.isSafeInteger(packets) || packets < 1) {
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `${String(packets)} is no whole, positive number of packets`,
      });
    }
    return new QueueLength(undefined, undefined, packets);
  }

  /** Reads `50ms`, `64KiB` or `100packets`. @throws NetmgrError `InvalidInput` that says which units exist */
  static parse(text: string): QueueLength {
    const [, packets] = /^([0-9]+)packets$/.exec(text) ?? [];
    if (packets !== undefined) return QueueLength.ofPackets(Number(packets));
    if (text.endsWith('B')) return QueueLength.ofBytes(ByteCount.parse(text));
    return QueueLength.ofTime(Duration.parse(text));
  }

  toString(): string {
    return (this.time ?? this.bytes)?.toString() ?? `${String(this.packets)}packets`;
  }

  toJSON(): string {
    return this.toString();
  }
}
