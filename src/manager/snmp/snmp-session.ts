import snmp from 'net-snmp';
import { NetmgrError } from '../../errors.js';
import { oidText, parseOid } from '../../mib/oid.js';
import type { Oid, VarBind } from '../../mib/value.js';
import { toLibraryUser } from './library-user.js';
import { objectName } from './object-name.js';
import { SNMP_DEFAULTS } from './snmp-defaults.js';
import { hasLostTrack, toNetmgrError, type AgentAddress } from './snmp-error.js';
import { fromLibrary, isMissing, toLibrary, type LibraryVarbind } from './wire.js';

/** The SNMPv3 user of a manager (RFC 3414), always authPriv. */
export interface SnmpUser {
  readonly name: string;
  readonly authSecret: string;
  readonly privSecret: string;
}

export interface SnmpOptions {
  /** Milliseconds until a request is repeated; a quarter more each time. Default: 1000. */
  readonly timeout?: number;
  /** How often a request is repeated. Default: 7. */
  readonly retries?: number;
}

/** How often a request is tried with a new discovery. */
const RENEWALS = 2;

/** Cells a GETBULK asks for: an answer of 32-octet cells then stays far below snmpd's 65,507 octets. */
const CELLS_PER_BULK = 400;
/** Octets of the values in an answer; their names come on top, and snmpd refuses to say less than what it was asked. */
const OCTETS_PER_BULK = 49_152;

/** Whether one name in its text lies below another. */
const isBelow = (text: string, prefix: string): boolean => text.startsWith(`${prefix}.`);

/** Counts requests, so that "one GET per host" can be seen. */
export type RequestListener = (request: 'get' | 'getBulk' | 'set', varBinds: number) => void;

/**
 * SNMPv3 with one agent. Requests go out one after the other: the order of SETs matters, and an answer takes
 * milliseconds.
 */
export class SnmpSession {
  #session: snmp.Session;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly agent: AgentAddress,
    private readonly user: SnmpUser,
    private readonly options: SnmpOptions = {},
    private readonly onRequest?: RequestListener,
  ) {
    this.#session = this.#open();
  }

  /**
   * The values of instances that must exist, in the order asked for.
   *
   * @throws NetmgrError `Unreachable` if one does not exist, since then no agent is behind snmpd; what
   *   {@link toNetmgrError} says otherwise
   */
  async get(oids: readonly Oid[]): Promise<VarBind[]> {
    const answer = await this.#get(oids);
    const missing = answer.find(isMissing);
    if (missing !== undefined) {
      throw new NetmgrError({
        kind: 'Unreachable',
        message: `${objectName(parseOid(missing.oid))} is not there: snmpd answers, but no netmgr agent of this version behind it`,
        subject: this.agent.host,
        hint: 'Check that `netmgr agent run` runs on that host, and that the user may read NETEMU-MIB.',
      });
    }
    return answer.map(fromLibrary);
  }

  /** The values of those of the instances that exist, in the order asked for. */
  async getThose(oids: readonly Oid[]): Promise<VarBind[]> {
    const answer = await this.#get(oids);
    return answer.filter((varBind) => !isMissing(varBind)).map(fromLibrary);
  }

  #get(oids: readonly Oid[]): Promise<LibraryVarbind[]> {
    return this.#request<LibraryVarbind[]>('get', oids.length, (session, done) => {
      session.get(oids.map(oidText), done as never);
    });
  }

  /** One SET; all or nothing. */
  async set(varBinds: readonly VarBind[]): Promise<void> {
    await this.#request('set', varBinds.length, (session, done) => {
      session.set(varBinds.map(toLibrary), done);
    });
  }

  /**
   * All instances of the columns of a table, by column. Many columns go in one GETBULK.
   *
   * @param longest octets of a cell at most
   */
  async walkColumns(columns: readonly Oid[], longest = 0): Promise<VarBind[]> {
    const found: VarBind[] = [];
    const most = Math.min(CELLS_PER_BULK, OCTETS_PER_BULK / longest);
    let cursors = columns.map((column) => ({ column, at: column }));
    while (cursors.length > 0) {
      const asked = cursors;
      const repetitions = Math.max(1, Math.floor(most / asked.length));
      const answer = await this.#request<LibraryVarbind[][]>('getBulk', asked.length, (session, done) => {
        session.getBulk(
          asked.map(({ at }) => oidText(at)),
          0,
          repetitions,
          done as never,
        );
      });
      cursors = asked.flatMap(({ column }, i) => {
        const cells = answer[i] ?? [];
        const below = cells
          .filter((cell) => !isMissing(cell) && isBelow(cell.oid, oidText(column)))
          .map(fromLibrary);
        found.push(...below);
        const last = below.at(-1);
        return last === undefined || below.length < cells.length ? [] : [{ column, at: last.oid }];
      });
    }
    return found;
  }

  close(): void {
    this.#session.close();
  }

  #open(): snmp.Session {
    const { agent, user, options } = this;
    const session = snmp.createV3Session(agent.address, toLibraryUser(user), {
      port: agent.port,
      timeout: options.timeout ?? SNMP_DEFAULTS.timeout,
      retries: options.retries ?? SNMP_DEFAULTS.retries,
      backoff: SNMP_DEFAULTS.backoff,
      transport: agent.address.includes(':') ? 'udp6' : 'udp4',
      idBitsSize: 32,
      reportOidMismatchErrors: true,
      backwardsGetNexts: false,
    });
    // Without a listener one malformed datagram would end the process; the request itself times out.
    session.on('error', () => undefined);
    return session;
  }

  #request<T>(
    kind: 'get' | 'getBulk' | 'set',
    varBinds: number,
    send: (session: snmp.Session, done: (error: Error | null, answer: T) => void) => void,
  ): Promise<T> {
    const next = this.#queue.then(() => {
      this.onRequest?.(kind, varBinds);
      return this.#exchange(send);
    });
    this.#queue = next.catch(() => undefined);
    return next;
  }

  async #exchange<T>(
    send: (session: snmp.Session, done: (error: Error | null, answer: T) => void) => void,
  ): Promise<T> {
    for (let renewals = 0; ; renewals++) {
      try {
        return await new Promise<T>((resolve, reject) => {
          send(this.#session, (error, answer) => {
            if (error === null) resolve(answer);
            else reject(error);
          });
        });
      } catch (error) {
        if (renewals === RENEWALS || !hasLostTrack(error)) throw toNetmgrError(error, this.agent);
        // The library follows an engine whose boots grow, and no other: one that was set up anew starts at 1.
        this.#session.close();
        this.#session = this.#open();
      }
    }
  }
}
