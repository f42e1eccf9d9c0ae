import { availableParallelism } from 'node:os';
import { groupBy } from '../../group-by.js';
import { messageOf, NetmgrError } from '../../errors.js';
import type { Configuration } from '../../mib/configuration.js';
import type { ProbeRow } from '../../mib/probe-table.js';
import type { VifRow } from '../../mib/vif-table.js';
import { IpAddress, type IpVersion } from '../../units/ip-network.js';
import { Mutex } from '../config/mutex.js';
import { shorten } from '../config/shorten.js';
import { guestDevice } from '../host/desired-machine.js';
import type { MachineDriver } from '../machines/machine-driver.js';
import { probingVif } from './can-be-asked.js';
import { groupEchoes, type EchoGroup } from './echo-groups.js';
import { LinkProbes } from './link-probes.js';
import { Pace } from './pace.js';
import type { ProbeRequest } from './probe-request.js';
import { ProbeStore } from './probe-store.js';
import { runAnswer } from './run-answer.js';
import { runEcho } from './run-echo.js';
import { runReceive, runSend } from './run-throughput.js';
import { runTry } from './run-try.js';
import { Slots } from './slots.js';
import { sourceAddresses, type SourceOf } from './source-addresses.js';

/** Processes at a time, of each kind: receivers and their senders must not wait for each other. */
const MOST_PROCESSES = 32;
/** Milliseconds from the start of one to that of the next: most of the time they wait, but to start costs a processor, and the agent has to answer meanwhile. */
const START_INTERVAL = Math.ceil(40 / availableParallelism());
/** Milliseconds between two looks for runs that nobody wants any more. */
const LOOK = 30_000;

/** The machines' interfaces that vifs lead to, each looked up once in a run. */
type Devices = Map<string, Promise<string>>;

export interface ProbeParts {
  readonly machines: Pick<MachineDriver, 'read' | 'inside'>;
  /** The running configuration. */
  readonly running: () => Configuration;
  /** Hundredths of a second. */
  readonly sysUpTime: () => number;
  /** Milliseconds from the start of one process to that of the next. Default: what the processors can do. */
  readonly startInterval?: number;
}

/** What machines are told to probe, and what came of it. */
export class Probes {
  readonly store = new ProbeStore(() => performance.now());
  readonly links: LinkProbes;
  readonly #slots: Readonly<Record<ProbeRow['kind'], Slots>>;
  readonly #pace: Pace;
  /** What has routes of its own in a machine takes turns, by IP version. */
  readonly #turns = new Map<string, Mutex>();
  readonly #work = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #isStopped = false;

  constructor(private readonly parts: ProbeParts) {
    this.#pace = new Pace(parts.startInterval ?? START_INTERVAL);
    this.#slots = {
      echo: new Slots(MOST_PROCESSES),
      receive: new Slots(MOST_PROCESSES),
      send: new Slots(MOST_PROCESSES),
      connect: new Slots(MOST_PROCESSES),
      datagram: new Slots(MOST_PROCESSES),
      // It is no process, and lasts.
      answer: new Slots(Infinity),
    };
    this.links = new LinkProbes(parts.sysUpTime);
    this.#timer = setInterval(() => {
      for (const request of this.store.expire()) request.end();
    }, LOOK).unref();
  }

  /** Begins those requests of a run that nobody has begun yet. Never rejects: failures are in the results. */
  begin(run: number): void {
    if (this.#isStopped) return;
    this.store.begun = run;
    const begun = this.store.requestsOf(run).filter((request) => request.begin());
    const running = this.parts.running();
    const sourceOf = sourceAddresses(running);
    const devices: Devices = new Map();
    const ofKind = groupBy(begun, ({ row }) => row.kind);
    for (const group of groupEchoes(ofKind.get('echo') ?? [], sourceOf)) {
      this.#start('echo', group.requests, () => this.#echo(group, running, devices));
    }
    const singly = {
      answer: (request) => this.#answer(request, running, devices),
      connect: (request) => this.#try(request, running, sourceOf),
      datagram: (request) => this.#try(request, running, sourceOf),
      receive: (request) => this.#throughput(request, running, sourceOf),
      send: (request) => this.#throughput(request, running, sourceOf),
    } satisfies Record<Exclude<ProbeRow['kind'], 'echo'>, (request: ProbeRequest) => Promise<void>>;
    for (const kind of Object.keys(singly) as (keyof typeof singly)[]) {
      for (const request of ofKind.get(kind) ?? []) {
        this.#start(kind, [request], () => singly[kind](request));
      }
    }
  }

  /** Ends everything; fulfils when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    for (const request of this.store.clear()) request.end();
    await Promise.all(this.#work);
  }

  #start(kind: ProbeRow['kind'], requests: readonly ProbeRequest[], work: () => Promise<void>): void {
    const done = this.#slots[kind]
      .run(async () => {
        // Nobody may want it any more by the time that it is its turn.
        const isWanted = (): boolean => requests.some(({ signal }) => !signal.aborted);
        if (isWanted()) await this.#pace.turn();
        if (isWanted()) await work();
      })
      .catch((error: unknown) => {
        for (const request of requests) request.fail(shorten(messageOf(error)));
      })
      .finally(() => this.#work.delete(done));
    this.#work.add(done);
  }

  async #echo(group: EchoGroup, running: Configuration, devices: Devices): Promise<void> {
    const vif = vifOf(group.requests[0], running);
    const device = group.way === 'routed' ? undefined : await this.#deviceOf(vif, devices);
    const ask = (): Promise<void> => runEcho(this.parts.machines.inside(vif.vmName), group, device);
    if (group.way === 'onLink') await this.#turnOf(vif.vmName, group.version).run(ask);
    else await ask();
    for (const { row, result } of group.requests) {
      this.links.note(row.vif, row.target, {
        probeRttMin: result.rttMin,
        probeRttAvg: result.rttAvg,
        probeRttMax: result.rttMax,
        probeSent: result.sent,
        probeReceived: result.received,
      });
    }
  }

  async #answer(request: ProbeRequest, running: Configuration, devices: Devices): Promise<void> {
    const vif = vifOf(request, running);
    const device = await this.#deviceOf(vif, devices);
    const { version } = IpAddress.parse(request.row.target);
    await this.#turnOf(`answer ${vif.vmName}`, version).run(async () => {
      if (!request.signal.aborted) await runAnswer(this.parts.machines.inside(vif.vmName), request, device);
    });
  }

  async #try(request: ProbeRequest, running: Configuration, sourceOf: SourceOf): Promise<void> {
    const { vmName, vif } = vifOf(request, running);
    const source = sourceOf(vif, IpAddress.parse(request.row.target));
    await runTry(this.parts.machines.inside(vmName), request, source);
  }

  async #throughput(request: ProbeRequest, running: Configuration, sourceOf: SourceOf): Promise<void> {
    const { vmName, vif } = vifOf(request, running);
    const inside = this.parts.machines.inside(vmName);
    if (request.row.kind === 'send') {
      await runSend(inside, request, sourceOf(vif, IpAddress.parse(request.row.target)));
      return;
    }
    const { peer, bandwidth } = await runReceive(inside, request);
    if (peer !== '') this.links.note(vif, peer, { probeBandwidth: bandwidth });
  }

  #deviceOf(vif: VifRow, devices: Devices): Promise<string> {
    const known = devices.get(vif.vif) ?? this.#readDevice(vif);
    devices.set(vif.vif, known);
    return known;
  }

  async #readDevice(vif: VifRow): Promise<string> {
    const device = guestDevice(vif, await this.parts.machines.read(vif.vmName));
    if (device !== undefined) return device;
    throw new NetmgrError({
      kind: 'CommandFailed',
      message: `${vif.vmName} has no interface with the MAC address ${vif.macAddress}`,
    });
  }

  #turnOf(what: string, version: IpVersion): Mutex {
    const key = `${what} ${String(version)}`;
    const turn = this.#turns.get(key) ?? new Mutex();
    this.#turns.set(key, turn);
    return turn;
  }
}

/** What was a vif when the request was made may be none any more. */
function vifOf({ row }: ProbeRequest, running: Configuration): VifRow {
  const vif = probingVif(row, running);
  if (vif !== undefined) return vif;
  throw new NetmgrError({ kind: 'InvalidInput', message: `${row.vif} is no vif of what runs on this host` });
}
