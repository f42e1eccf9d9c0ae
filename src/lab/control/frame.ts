import { NetmgrError } from '../../errors.js';

/** Bytes of the command's standard input, output or error. */
export type BytesType = 'stdin' | 'stdout' | 'stderr';

/** What a frame carries: a message, bytes, or how many octets of the line the other end has taken. */
export type FrameType = 'message' | 'taken' | BytesType;

export interface Frame {
  readonly type: FrameType;
  readonly payload: Buffer;
}

const CODES: Readonly<Record<FrameType, number>> = { message: 1, stdin: 2, stdout: 3, stderr: 4, taken: 5 };
const HEADER = 5;
const MAX_PAYLOAD = 64 * 1024 * 1024;

/** One octet of type and four of length before the payload. */
export function encodeFrame({ type, payload }: Frame): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt8(CODES[type], 0);
  header.writeUInt32BE(payload.length, 1);
  return Buffer.concat([header, payload]);
}

/** Puts frames together again from the pieces in which a stream delivers them. */
export class FrameDecoder {
  private pieces: Buffer[] = [];
  private length = 0;

  /** @throws NetmgrError `Bug` if the other side does not speak in frames. */
  decode(piece: Buffer): Frame[] {
    this.pieces.push(piece);
    this.length += piece.length;
    const frames: Frame[] = [];
    for (let frame = this.next(); frame !== undefined; frame = this.next()) frames.push(frame);
    return frames;
  }

  private next(): Frame | undefined {
    if (this.length < HEADER) return undefined;
    const [first] = this.pieces;
    // Joining all pieces at each call would cost the square of a large frame's length.
    const head = first !== undefined && first.length >= HEADER ? first : this.join();
    const code = head.readUInt8(0);
    const size = head.readUInt32BE(1);
    const type = (Object.keys(CODES) as FrameType[]).find((name) => CODES[name] === code);
    if (type === undefined || size > MAX_PAYLOAD) {
      throw new NetmgrError({
        kind: 'Bug',
        message: "the lab's control line carries something else than frames",
      });
    }
    if (this.length < HEADER + size) return undefined;
    const all = this.join();
    const payload = Buffer.from(all.subarray(HEADER, HEADER + size));
    const rest = all.subarray(HEADER + size);
    this.pieces = rest.length === 0 ? [] : [rest];
    this.length = rest.length;
    return { type, payload };
  }

  private join(): Buffer {
    const all = Buffer.concat(this.pieces);
    this.pieces = [all];
    return all;
  }
}
