import type { Pdu } from './pdu.js';
import { decodePdu, pduLength } from './pdu-codec.js';

/** Cuts a stream of octets into PDUs, however they were split or joined on the way. */
export class PduFramer {
  #pending: Buffer = Buffer.alloc(0);

  /**
   * The PDUs that are complete with `chunk`. They are given one by one, so that those before a malformed
   * one are not lost.
   *
   * @throws NetmgrError `InvalidInput`; what follows in the stream has no meaning then.
   */
  *push(chunk: Buffer): Generator<Pdu> {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const length = pduLength(this.#pending);
      if (length === undefined || length > this.#pending.length) return;
      const bytes = this.#pending.subarray(0, length);
      this.#pending = this.#pending.subarray(length);
      yield decodePdu(bytes);
    }
  }
}
