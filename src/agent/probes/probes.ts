import { availableParallelism } from 'node:os';
import { groupBy } from '../../group-by.js';
import { messageOf, NetmgrError } from '../../errors.js';
import type { Configuration } from '../../mib/configuration.js';
import type { ProbeRow } from '../../mib/probe-table.js';
import type { VifRow } from '../../mib/vif-table.js';
import { IpAddress } from '../../units/ip-network.js';
import { shorten } from '../config/shorten.js';
import { guestDevice } from '../host/desired-machine.js';
import type { Machines } from '../host/host-parts.js';
import { readMachine } from '../kernel/ip/read-machine.js';
import { probingVif } from './can-be-asked.js';
import { groupEchoes, requestsOf, type EchoGroup } from './echo-groups.js';
import { LinkProbes } from './link-probes.js';
import { OwnWays } from './own-ways.js';
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

/** Milliseconds for which it is taken for true which interface of a machine a vif leads to, unless something fails. */
const DEVICE_LIFETIME = 30_000;

/** A machine's interface, and when it was read. */
interface KnownDevice {
  readonly device: Promise<string>;
  readonly since: number;
}

export interface ProbeParts {
  readonly machines: Pick<Machines, 'inside'>;
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
  readonly #ways = new OwnWays();
  /** By machine and MAC address. */
  readonly #devices = new Map<string, KnownDevice>();
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
    const ofKind = groupBy(begun, ({ row }) => row.kind);
    for (const group of groupEchoes(ofKind.get('echo') ?? [], sourceOf)) {
      this.#start('echo', requestsOf(group), () => this.#echo(group, running));
    }
    const singly = {
      answer: (request) => this.#answer(request, running),
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
        this.#devices.clear();
        failAll(requests, error);
      })
      .finally(() => this.#work.delete(done));
    this.#work.add(done);
  }

  /** Where a group of both IP versions fails, each is asked by itself: the other may do. */
  async #echo(group: EchoGroup, running: Configuration): Promise<void> {
    const { vif, parts } = group;
    const requests = requestsOf(group);
    for (const request of requests) request.running();
    try {
      await this.#ask(group, running);
    } catch (error) {
      if (parts.length === 1 || requests.every(({ signal }) => signal.aborted)) throw error;
      this.#devices.clear();
      for (const part of parts) {
        await this.#ask({ vif, parts: [part] }, running).catch((reason: unknown) => {
          failAll(part.requests, reason);
        });
      }
    }
    for (const { row, result } of requests) {
      if (result.state !== 'done') continue;
      this.links.note(row.vif, row.target, {
        probeRttMin: result.rttMin,
        probeRttAvg: result.rttAvg,
        probeRttMax: result.rttMax,
        probeSent: result.sent,
        probeReceived: result.received,
      });
    }
  }

  async #ask(group: EchoGroup, running: Configuration): Promise<void> {
    const [{ requests, version, way }] = group.parts;
    const vif = vifOf(requests[0], running);
    const run = this.parts.machines.inside(vif.vmName);
    const isRouted = group.parts.every((part) => part.way === 'routed');
    const device = isRouted ? undefined : await this.#deviceOf(vif);
    const ask = (): Promise<void> => runEcho(run, group, device);
    // What goes with it needs no way.
    if (way !== 'onLink' || device === undefined) await ask();
    else await this.#ways.onLink({ machine: vif.vmName, version, device, run }, ask);
  }

  async #answer(request: ProbeRequest, running: Configuration): Promise<void> {
    const vif = vifOf(request, running);
    const device = await this.#deviceOf(vif);
    const { version } = IpAddress.parse(request.row.target);
    const run = this.parts.machines.inside(vif.vmName);
    await runAnswer(this.#ways, { machine: vif.vmName, version, device, run }, request);
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

  #deviceOf(vif: VifRow): Promise<string> {
    const key = `${vif.vmName} ${vif.macAddress}`;
    const known = this.#devices.get(key);
    if (known !== undefined && performance.now() - known.since < DEVICE_LIFETIME) return known.device;
    const device = this.#readDevice(vif);
    this.#devices.set(key, { device, since: performance.now() });
    device.catch(() => this.#devices.delete(key));
    return device;
  }

  async #readDevice(vif: VifRow): Promise<string> {
    const device = guestDevice(vif, await readMachine(this.parts.machines.inside(vif.vmName), vif.vmName));
    if (device !== undefined) return device;
    throw new NetmgrError({
      kind: 'CommandFailed',
      message: `${vif.vmName} has no interface with the MAC address ${vif.macAddress}`,
    });
  }
}

function failAll(requests: readonly ProbeRequest[], reason: unknown): void {
  for (const request of requests) request.fail(shorten(messageOf(reason)));
}

/** What was a vif when the request was made may be none any more. */
function vifOf({ row }: ProbeRequest, running: Configuration): VifRow {
  const vif = probingVif(row, running);
  if (vif !== undefined) return vif;
  throw new NetmgrError({ kind: 'InvalidInput', message: `${row.vif} is no vif of what runs on this host` });
}
