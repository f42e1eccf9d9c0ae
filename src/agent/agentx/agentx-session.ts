import { createConnection } from 'node:net';
import { NetmgrError } from '../../errors.js';
import type { Oid, VarBind } from '../../mib/value.js';
import { oidText } from '../../mib/oid.js';
import { AgentxConnection } from './agentx-connection.js';
import type { MasterClock } from './master-clock.js';
import { CLOSE_REASONS, type Pdu, type ResponsePdu } from './pdu.js';
import { encodePdu } from './pdu-codec.js';
import { isRequest, RequestAnswerer } from './request-answerer.js';
import { responseErrorName } from './response-error.js';
import type { HandlerErrorListener, SubagentHandler } from './subagent-handler.js';

/** A subtree that the master shall send to us. */
export interface Registration {
  readonly subtree: Oid;
  /** From 1, the most preferred, to 255. Default: 127, which RFC 2741 section 6.2.3 names. */
  readonly priority?: number;
  /** Seconds (1 to 255) the master waits for answers about this subtree. Default: the session's. */
  readonly timeout?: number;
}

/** What a subagent does of a MIB module: a row of sysORTable (RFC 3418). */
export interface Capability {
  /** sysORID: what an AGENT-CAPABILITIES statement would be named. */
  readonly id: Oid;
  /** sysORDescr, of at most 255 characters. */
  readonly description: string;
}

export interface AgentxSessionOptions {
  /** The path of the master's unix socket. */
  readonly socketPath: string;
  readonly registrations: readonly Registration[];
  /** Told to the master once all subtrees are registered. Default: none. */
  readonly capabilities?: readonly Capability[];
  readonly handler: SubagentHandler;
  /** Names this subagent to the master. Default: the null identifier. */
  readonly id?: Oid;
  readonly description: string;
  /** Seconds (1 to 255) the master waits for our answers, and we for its. Default: 15. */
  readonly timeout?: number;
  readonly onError: HandlerErrorListener;
}

/** A read of thousands of interfaces takes seconds, and snmpd ends a session that is late once. */
export const DEFAULT_TIMEOUT = 15;
const DEFAULT_PRIORITY = 127;

/** One session with a master, over a connection of its own; once lost it stays lost. */
export class AgentxSession {
  readonly #connection: AgentxConnection;
  readonly #answerer: RequestAnswerer;
  readonly #timeout: number;
  #sessionId = 0;

  /** Connects. `onClosed` is called once, whenever and however the session ends. */
  constructor(
    private readonly options: AgentxSessionOptions,
    private readonly clock: MasterClock,
    onClosed: (reason: NetmgrError) => void,
  ) {
    this.#timeout = (options.timeout ?? DEFAULT_TIMEOUT) * 1000;
    this.#answerer = new RequestAnswerer(options.handler, options.onError);
    this.#connection = new AgentxConnection(createConnection({ path: options.socketPath }), {
      onPdu: (pdu) => {
        this.#receive(pdu);
      },
      onClosed: (reason) => {
        // Told after what is open has ended, so that a new session never meets a SET of the old one.
        void this.#answerer.abandon().then(() => {
          onClosed(reason);
        });
      },
    });
  }

  /** Sends a notification and waits until the master took it. @throws NetmgrError. */
  async notify(varBinds: readonly VarBind[]): Promise<void> {
    await this.#ask({ type: 'Notify', ...this.#header(), varBinds }, 'the notification');
  }

  /** Asks for a sign of life. @throws NetmgrError. */
  async ping(): Promise<void> {
    await this.#ask({ type: 'Ping', ...this.#header() }, 'Ping');
  }

  /** Ends the session, telling the master why (RFC 2741 section 6.2.2). */
  close(reason: NetmgrError, code: number = CLOSE_REASONS.shutdown): void {
    this.#connection.close(
      reason,
      encodePdu({ type: 'Close', ...this.#header(), packetId: 0, reason: code }),
    );
  }

  /**
   * Opens and registers.
   *
   * @throws NetmgrError `Unreachable`, or `Rejected` in the master's words. The session still has to be closed.
   */
  async open(): Promise<void> {
    const {
      id = [],
      description,
      registrations,
      capabilities = [],
      timeout = DEFAULT_TIMEOUT,
    } = this.options;
    const response = await this.#ask(
      { type: 'Open', ...this.#header(), timeout, id, description },
      'the session',
    );
    this.#sessionId = response.sessionId;
    for (const registration of registrations) {
      const { subtree, priority = DEFAULT_PRIORITY, timeout: ownTimeout = 0 } = registration;
      await this.#ask(
        {
          type: 'Register',
          ...this.#header(),
          timeout: ownTimeout,
          priority,
          subtree,
          rangeSubid: 0,
          upperBound: 0,
        },
        `the registration of ${oidText(subtree)}`,
      );
    }
    for (const capability of capabilities) {
      await this.#ask(
        { type: 'AddAgentCaps', ...this.#header(), ...capability },
        `the capabilities ${oidText(capability.id)}`,
      );
    }
  }

  #header(): { sessionId: number; transactionId: number } {
    return { sessionId: this.#sessionId, transactionId: 0 };
  }

  async #ask(pdu: Parameters<AgentxConnection['request']>[0], what: string): Promise<ResponsePdu> {
    const response = await this.#connection.request(pdu, this.#timeout);
    this.clock.set(response.sysUpTime);
    if (response.error !== 0) {
      throw new NetmgrError({
        kind: 'Rejected',
        message: `the AgentX master refused ${what}: ${responseErrorName(response.error)}`,
        subject: this.options.socketPath,
      });
    }
    return response;
  }

  #receive(pdu: Pdu): void {
    if (isRequest(pdu)) {
      void this.#answerer.answer(pdu).then((response) => {
        if (response !== undefined) this.#connection.send(response);
      });
    } else if (pdu.type === 'Close') {
      this.#connection.close(
        new NetmgrError({ kind: 'Unreachable', message: 'the AgentX master closed the session' }),
      );
    } else {
      this.#connection.close(
        new NetmgrError({ kind: 'Rejected', message: `the AgentX master sent ${pdu.type} to a subagent` }),
      );
    }
  }
}
