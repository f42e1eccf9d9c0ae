import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, NetmgrError } from '../../errors.js';
import { probeResultTable, REFUSED, type ProbeResultRow } from '../../mib/probe-result-table.js';
import { probeScalars } from '../../mib/probe-scalars.js';
import { probeTable, type ProbeRow } from '../../mib/probe-table.js';
import { ROW_STATUS } from '../../mib/row-status.js';
import { instanceOf } from '../../mib/scalar.js';
import { defaultsOf, encodeColumns, encodeIndex } from '../../mib/table.js';
import { UINT32_MAX } from '../../mib/syntax.js';
import type { PlacedNode } from '../merge/placed-node.js';
import type { IpAddress } from '../../units/ip-network.js';
import type { VarBind } from '../../mib/value.js';
import { groupBy } from '../../group-by.js';
import {
  NO_RESULT,
  type EchoRequest,
  type EchoResult,
  type Failed,
  type PortRequest,
  type PortResult,
  type Prober,
  type StreamRequest,
  type StreamResult,
} from '../probe/prober.js';
import { pack, rowStatus } from './pack.js';
import { readTable } from './read-table.js';
import type { SnmpSession } from './snmp-session.js';

const DEFAULTS = defaultsOf(probeTable) as Partial<ProbeRow>;
/** Milliseconds between two looks at what runs. */
const FIRST_POLL = 100;
const SLOWEST_POLL = 1000;
/** Milliseconds that requests may wait until it is their turn: nodes answer as long, or silence would prove nothing. */
const LONGEST_QUEUE = 600_000;
/** Milliseconds beyond what the requests themselves take: many processes start. */
const SLACK = 60_000;

/** What is asked of one agent; run and number are given by the prober. */
type Request = Partial<ProbeRow> & Pick<ProbeRow, 'kind' | 'vif'>;

/** One batch at one agent. */
interface Batch {
  readonly session: SnmpSession;
  readonly run: number;
  readonly count: number;
}

/** Has agents probe from inside their machines (netemuProbe). Hosts without a session fail by themselves. */
export class SnmpProber implements Prober {
  readonly #batches = new Set<Batch>();

  /**
   * @param sessions by the names of hosts
   * @param signal ends what is waited for, with an error
   */
  constructor(
    private readonly sessions: ReadonlyMap<string, SnmpSession>,
    private readonly signal?: AbortSignal,
  ) {}

  async echo(
    requests: readonly EchoRequest[],
    answering: readonly PlacedNode[] = [],
  ): Promise<(EchoResult | Failed)[]> {
    const { batches, failures } = await this.#answer(answering, longestOf(requests) + LONGEST_QUEUE);
    try {
      const results = await this.#echo(requests);
      return results.map((result, i) => {
        const request = requests[i];
        const failure = request?.onLink === true ? failures.get(request.target.toString()) : undefined;
        // The silence of one that could not answer proves nothing.
        return failure !== undefined && !('failure' in result) && result.received === 0
          ? { failure }
          : result;
      });
    } finally {
      await Promise.all(batches.map((batch) => this.#remove(batch)));
    }
  }

  async #echo(requests: readonly EchoRequest[]): Promise<(EchoResult | Failed)[]> {
    const longest = longestOf(requests);
    const numbered = requests.map((request, i) => ({ request, i }));
    const results = new Map<number, EchoResult | Failed>();
    await Promise.all(
      [...groupBy(numbered, ({ request }) => request.from.host.name)].map(async ([host, own]) => {
        const rows = await this.#ask(
          host,
          own.map(({ request }) => echoRow(request)),
          longest,
        );
        own.forEach(({ i }, j) => results.set(i, rows[j] ?? NO_RESULT));
      }),
    );
    return requests.map((_, i) => results.get(i) ?? NO_RESULT);
  }

  /** Tries a port once. */
  async tryPort({ from, target, protocol, port, timeout }: PortRequest): Promise<PortResult | Failed> {
    const kind = protocol === 'tcp' ? 'connect' : 'datagram';
    const row: Request = { kind, vif: from.vif.name, ...targetCells(target), port, timeout };
    const [result = NO_RESULT] = await this.#ask(from.host.name, [row], timeout);
    return 'failure' in result
      ? result
      : { isAnswered: result.received > 0, isRefused: result.message === REFUSED };
  }

  async stream(requests: readonly StreamRequest[]): Promise<(StreamResult | Failed)[]> {
    return Promise.all(requests.map((request) => this.#stream(request)));
  }

  /** Ends what is left at the agents. */
  async end(): Promise<void> {
    await Promise.all([...this.#batches].map((batch) => this.#remove(batch)));
  }

  /** Lets nodes answer for so many milliseconds at most. @returns what does, to be removed, and why some cannot, by their addresses */
  async #answer(
    nodes: readonly PlacedNode[],
    duration: number,
  ): Promise<{ readonly batches: readonly Batch[]; readonly failures: ReadonlyMap<string, string> }> {
    const batches: Batch[] = [];
    const failures = new Map<string, string>();
    await Promise.all(
      [...groupBy(nodes, ({ host }) => host.name)].map(async ([host, own]) => {
        const asked = own.flatMap(({ vif, node }) => {
          const address = node.addresses.find(({ version }) => version === 4);
          return address === undefined ? [] : [{ vif: vif.name, address }];
        });
        const batch = await this.#begin(
          host,
          asked.map(({ vif, address }) => ({
            ...{ kind: 'answer', vif, ...targetCells(address), duration },
          })),
        );
        if (!('failure' in batch)) batches.push(batch);
        const results =
          'failure' in batch ? asked.map(() => batch) : await this.#await(batch, SLACK, isBegun);
        asked.forEach(({ address }, i) => {
          const result = results[i];
          if (result !== undefined && 'failure' in result) failures.set(address.toString(), result.failure);
        });
      }),
    );
    return { batches, failures };
  }

  async #stream(request: StreamRequest): Promise<StreamResult | Failed> {
    const { from, to, target, duration, bandwidth, size, port } = request;
    const common = { ...targetCells(target), duration, bandwidth, size, port };
    const receiving = await this.#begin(to.host.name, [{ kind: 'receive', vif: to.vif.name, ...common }]);
    if ('failure' in receiving) return receiving;
    try {
      const [listening] = await this.#await(receiving, SLACK, isBegun);
      if (listening === undefined || 'failure' in listening) return listening ?? NO_RESULT;
      const [sent] = await this.#ask(
        from.host.name,
        [{ kind: 'send', vif: from.vif.name, ...common }],
        duration,
      );
      if (sent === undefined || 'failure' in sent) return sent ?? NO_RESULT;
      const [received] = await this.#await(receiving, SLACK, isOver);
      if (received === undefined || 'failure' in received) return received ?? NO_RESULT;
      return { octets: Number(received.octets), duration: received.duration };
    } finally {
      await this.#remove(receiving);
    }
  }

  /** The results of requests to one agent, in their order. */
  async #ask(
    host: string,
    requests: readonly Request[],
    longest: number,
  ): Promise<(ProbeResultRow | Failed)[]> {
    const batch = await this.#begin(host, requests);
    if ('failure' in batch) return requests.map(() => batch);
    try {
      return await this.#await(batch, longest + SLACK, isOver);
    } finally {
      await this.#remove(batch);
    }
  }

  async #begin(host: string, requests: readonly Request[]): Promise<Batch | Failed> {
    const session = this.sessions.get(host);
    if (session === undefined) return { failure: `the agent of ${host} does not answer` };
    const batch = { session, run: randomInt(1, UINT32_MAX), count: requests.length };
    const { start } = probeScalars.scalars;
    this.#batches.add(batch);
    try {
      const rows = requests.map((request, i) =>
        creation({ ...DEFAULTS, ...request, run: batch.run, number: i + 1 } as ProbeRow),
      );
      for (const varBinds of pack(rows)) {
        if (this.signal?.aborted === true) interrupted();
        await session.set(varBinds);
      }
      await session.set([{ oid: instanceOf(start), value: start.syntax.encode(batch.run) }]);
      return batch;
    } catch (error) {
      await this.#remove(batch);
      if (this.signal?.aborted === true) throw error;
      return failed(host, error);
    }
  }

  /**
   * The rows of a batch, once each of them is what is waited for. One that is not is looked at until it is, and all of them only
   * then: hundreds of rows cost an agent and its snmpd more than the probes do.
   */
  async #await(
    batch: Batch,
    patience: number,
    isThere: (state: State) => boolean,
  ): Promise<(ProbeResultRow | Failed)[]> {
    const { session, count } = batch;
    let end = performance.now() + patience;
    let most = 0;
    // They are begun in their order.
    let number = count;
    for (let pause = FIRST_POLL; ; pause = Math.min(pause * 1.5, SLOWEST_POLL)) {
      await sleep(pause, undefined, { signal: this.signal }).catch(interrupted);
      const isLate = performance.now() > end;
      let unread: Failed | undefined;
      try {
        if (!isThere(await readState(batch, number)) && !isLate) continue;
        const rows = await readRows(batch);
        const there = rows.filter(({ state }) => isThere(state)).length;
        if (there === count) return rows.map(resultOf);
        number = rows.find(({ state }) => !isThere(state))?.number ?? count;
        // As long as some of them come to it, the others wait for their turn.
        if (there > most) {
          most = there;
          end = performance.now() + patience;
        }
      } catch (error) {
        // An agent that starts many processes may be too slow for its snmpd for a while.
        unread = failed(session.agent.host, error);
      }
      if (performance.now() > end) {
        const late = { failure: `the agent of ${session.agent.host} has not done it in time` };
        return Array.from({ length: count }, () => unread ?? late);
      }
    }
  }

  async #remove(batch: Batch): Promise<void> {
    const { session, run, count } = batch;
    this.#batches.delete(batch);
    const rows = Array.from({ length: count }, (_, i) => [
      rowStatus(probeTable, { run, number: i + 1 }, ROW_STATUS.destroy),
    ]);
    try {
      for (const varBinds of pack(rows)) await session.set(varBinds);
    } catch {
      // The agent forgets them by itself.
    }
  }
}

/** Milliseconds that the requests take side by side. */
function longestOf(requests: readonly EchoRequest[]): number {
  return Math.ceil(
    requests.reduce((most, { count, interval, timeout }) => Math.max(most, count * interval + timeout), 0),
  );
}

function echoRow({ from, target, onLink, count, interval, timeout, size }: EchoRequest): Request {
  return {
    ...{ kind: 'echo', vif: from.vif.name, ...targetCells(target), onLink, count, size },
    ...{ interval: Math.ceil(interval), timeout: Math.ceil(timeout) },
  };
}

function targetCells(target: IpAddress): Pick<ProbeRow, 'target' | 'targetType'> {
  return { target: target.toString(), targetType: target.version === 4 ? 'ipv4' : 'ipv6' };
}

function interrupted(): never {
  throw new NetmgrError({
    kind: 'NotApplied',
    message: 'interrupted: the network was not measured to the end',
  });
}

type State = ProbeResultRow['state'];

const isBegun = (state: State): boolean => state !== 'waiting';

const isOver = (state: State): boolean => state === 'done' || state === 'failed';

async function readState({ session, run }: Batch, number: number): Promise<State> {
  const { id, syntax } = probeResultTable.columns.state;
  const index = encodeIndex(probeResultTable, { run, number });
  const [cell] = await session.get([[...probeResultTable.entry, id, ...index]]);
  return cell === undefined ? 'waiting' : syntax.decode(cell.value);
}

/** In the order of their numbers. */
async function readRows({ session, run }: Batch): Promise<ProbeResultRow[]> {
  const rows = await readTable(session, probeResultTable, [run]);
  return rows.filter((row) => row.run === run).sort((a, b) => a.number - b.number);
}

const resultOf = (row: ProbeResultRow): ProbeResultRow | Failed =>
  row.state === 'failed' ? { failure: row.message } : row;

function failed(host: string, error: unknown): Failed {
  const hint = error instanceof NetmgrError && error.kind === 'Rejected' ? ' (is it of this version?)' : '';
  return { failure: `${host}: ${messageOf(error)}${hint}` };
}

function creation(row: ProbeRow): VarBind[] {
  const index = encodeIndex(probeTable, row);
  return [
    ...encodeColumns(probeTable, row)
      .filter(({ isDefault }) => !isDefault)
      .map(({ columnId, value }): VarBind => ({ oid: [...probeTable.entry, columnId, ...index], value })),
    rowStatus(probeTable, row, ROW_STATUS.createAndGo),
  ];
}
