import type { Socket } from 'node:net';
import { messageOf, NetmgrError } from '../../errors.js';
import type { Pdu, ResponsePdu } from './pdu.js';
import { encodePdu } from './pdu-codec.js';
import { PduFramer } from './pdu-framer.js';

/** What waits to be sent to a master that does not read; above this it is given up. */
const MAX_UNSENT = 16 * 1024 * 1024;

/** `Omit` that keeps the members of a union apart. */
type WithoutPacketId<P> = P extends unknown ? Omit<P, 'packetId'> : never;

interface Waiting {
  readonly resolve: (response: ResponsePdu) => void;
  readonly reject: (error: NetmgrError) => void;
  readonly timer: NodeJS.Timeout;
}

export interface ConnectionListener {
  /** A PDU that answers nothing we sent. */
  readonly onPdu: (pdu: Pdu) => void;
  /** The end, told once. */
  readonly onClosed: (reason: NetmgrError) => void;
}

/** PDUs over one connected socket: sends, frames what arrives and matches responses to what was asked. */
export class AgentxConnection {
  readonly #framer = new PduFramer();
  readonly #waiting = new Map<number, Waiting>();
  #packetId = 0;
  #closed: NetmgrError | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly listener: ConnectionListener,
  ) {
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    socket.on('error', (cause) => {
      this.close(unreachable(`the connection to the AgentX master failed: ${messageOf(cause)}`, cause));
    });
    socket.on('close', () => {
      this.close(unreachable('the AgentX master closed the connection'));
    });
  }

  /** Sends and waits. @throws NetmgrError `Unreachable` if there is no response in `timeout` milliseconds. */
  request(pdu: WithoutPacketId<Pdu>, timeout: number): Promise<ResponsePdu> {
    this.#packetId = (this.#packetId + 1) >>> 0;
    const packetId = this.#packetId;
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) {
        reject(this.#closed);
        return;
      }
      const bytes = encodePdu({ ...pdu, packetId });
      const timer = setTimeout(() => {
        this.#waiting.delete(packetId);
        reject(unreachable(`the AgentX master did not answer ${pdu.type} within ${String(timeout)} ms`));
      }, timeout);
      this.#waiting.set(packetId, { resolve, reject, timer });
      this.send(bytes);
    });
  }

  /** Sends the octets of a PDU; after the end of the connection, does nothing. */
  send(bytes: Uint8Array): void {
    if (this.#closed !== undefined) return;
    this.socket.write(bytes);
    if (this.socket.writableLength > MAX_UNSENT) {
      this.close(unreachable('the AgentX master does not read what is sent to it'));
    }
  }

  /** Ends the connection after what was sent; `farewell` is the last PDU. */
  close(reason: NetmgrError, farewell?: Uint8Array): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    if (farewell === undefined) this.socket.destroy();
    else this.#sendLast(farewell);
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(reason);
    }
    this.#waiting.clear();
    this.listener.onClosed(reason);
  }

  #sendLast(bytes: Uint8Array): void {
    // A master that does not read must not hold the connection open.
    const timer = setTimeout(() => this.socket.destroy(), 1000);
    this.socket.end(bytes, () => {
      clearTimeout(timer);
      this.socket.destroy();
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#closed !== undefined) return;
    try {
      for (const pdu of this.#framer.push(chunk)) this.#dispatch(pdu);
    } catch (error) {
      if (!(error instanceof NetmgrError)) throw error;
      this.close(error);
    }
  }

  #dispatch(pdu: Pdu): void {
    if (pdu.type !== 'Response') {
      this.listener.onPdu(pdu);
      return;
    }
    // One without anybody waiting came after its timeout.
    const waiting = this.#waiting.get(pdu.packetId);
    this.#waiting.delete(pdu.packetId);
    clearTimeout(waiting?.timer);
    waiting?.resolve(pdu);
  }
}

function unreachable(message: string, cause?: unknown): NetmgrError {
  return new NetmgrError({ kind: 'Unreachable', message, cause });
}
