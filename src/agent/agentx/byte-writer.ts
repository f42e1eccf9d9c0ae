import { NetmgrError } from '../../errors.js';

/** Appends numbers and octets to a growing buffer, in the byte order of the PDU. */
export class ByteWriter {
  #bytes = Buffer.alloc(512);
  #length = 0;

  constructor(readonly littleEndian: boolean) {}

  uint8(value: number): void {
    inRange(value, 0, 0xff);
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  uint16(value: number): void {
    inRange(value, 0, 0xffff);
    this.#room(2);
    this.#length = this.littleEndian
      ? this.#bytes.writeUInt16LE(value, this.#length)
      : this.#bytes.writeUInt16BE(value, this.#length);
  }

  uint32(value: number): void {
    inRange(value, 0, 0xffffffff);
    this.#room(4);
    this.#length = this.littleEndian
      ? this.#bytes.writeUInt32LE(value, this.#length)
      : this.#bytes.writeUInt32BE(value, this.#length);
  }

  int32(value: number): void {
    inRange(value, -0x80000000, 0x7fffffff);
    this.uint32(value >>> 0);
  }

  uint64(value: bigint): void {
    if (BigInt.asUintN(64, value) !== value) throw outOfRange(String(value));
    this.#room(8);
    this.#length = this.littleEndian
      ? this.#bytes.writeBigUInt64LE(value, this.#length)
      : this.#bytes.writeBigUInt64BE(value, this.#length);
  }

  octets(value: Uint8Array): void {
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** What was written; nothing may be written afterwards. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.alloc(2 * (this.#length + size));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

function inRange(value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) throw outOfRange(String(value));
}

function outOfRange(value: string): NetmgrError {
  return new NetmgrError({
    kind: 'InvalidInput',
    message: `${value} does not fit its field of an AgentX PDU`,
  });
}
