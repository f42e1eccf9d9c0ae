import { malformed } from './malformed.js';

/** Takes numbers and octets from the start of a buffer, in the byte order of the PDU. */
export class ByteReader {
  #offset = 0;

  constructor(
    readonly bytes: Buffer,
    readonly littleEndian: boolean,
  ) {}

  get remaining(): number {
    return this.bytes.length - this.#offset;
  }

  uint8(): number {
    return this.bytes.readUInt8(this.#take(1));
  }

  uint16(): number {
    const at = this.#take(2);
    return this.littleEndian ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  uint32(): number {
    const at = this.#take(4);
    return this.littleEndian ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  int32(): number {
    return this.uint32() | 0;
  }

  uint64(): bigint {
    const at = this.#take(8);
    return this.littleEndian ? this.bytes.readBigUInt64LE(at) : this.bytes.readBigUInt64BE(at);
  }

  /** A copy, so that a value does not keep the whole PDU in memory. */
  octets(length: number): Uint8Array {
    const at = this.#take(length);
    return Uint8Array.from(this.bytes.subarray(at, at + length));
  }

  skip(length: number): void {
    this.#take(length);
  }

  #take(length: number): number {
    const at = this.#offset;
    if (length > this.remaining) throw malformed('it ends before its last field does');
    this.#offset += length;
    return at;
  }
}
