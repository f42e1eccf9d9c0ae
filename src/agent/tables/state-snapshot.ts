import type { Configuration } from '../../mib/configuration.js';
import type { IndexAllocator } from '../../mib/index-allocator.js';
import type { LinkStateRow } from '../../mib/link-state-table.js';
import { linkTable, type LinkRow } from '../../mib/link-table.js';
import { profileTable } from '../../mib/profile-table.js';
import type { SummaryScalars } from '../../mib/summary-scalars.js';
import { encodeIndex, type Entry } from '../../mib/table.js';
import { vifStateTable, type VifStateRow } from '../../mib/vif-state-table.js';
import { vifTable, type VifRow } from '../../mib/vif-table.js';
import type { Actions } from '../config/actions.js';
import type { Datastore } from '../config/datastore.js';
import { desiredTrees, peerNetwork } from '../host/desired-trees.js';
import type { KernelReading } from '../host/host-state.js';
import type { BoundReading, LinuxKernel } from '../host/linux-kernel.js';
import { isMissed } from '../host/locate-vifs.js';
import type { Link, Passed } from '../kernel/ip/links.js';
import type { LinkProbes } from '../probes/link-probes.js';
import { sameLeaf } from '../kernel/tc/same.js';
import { expandTree, leafOf } from '../kernel/tc/expand.js';
import { isReached } from '../kernel/tc/filter.js';
import {
  DEFAULT_CLASS,
  NO_COUNTERS,
  PARENT_CLASS,
  UNLIMITED,
  type Leaf,
  type Loss,
  type TcCounters,
  type TcDevice,
  type TcFilter,
} from '../kernel/tc/model.js';
import { inTheWay, writeTc } from '../kernel/tc/write.js';
import { Discontinuities } from './discontinuities.js';
import { RateMeter } from './rate-meter.js';
import { Reading } from './reading.js';
import { WalkedReadings } from './versions.js';
import { BITS_PER_KILOBIT } from '../../units/bit-rate.js';

/** What an interface that is up says if nobody is at its other end (RFC 2863). */
const NO_CARRIER: ReadonlySet<string> = new Set(['DOWN', 'LOWERLAYERDOWN']);

interface Count {
  readonly vifs: number;
  readonly links: number;
}

const NONE: Count = { vifs: 0, links: 0 };

/** What one reading found. */
interface Found {
  readonly vifs: readonly Entry[];
  readonly links: readonly Entry[];
  readonly applied: Count;
  /** Of machines that are on another host. */
  readonly elsewhere: Count;
  /** sysUpTime. */
  readonly statsTime: number;
}

const NOTHING: Found = { vifs: [], links: [], applied: NONE, elsewhere: NONE, statsTime: 0 };

/** The state tables: what the kernel and probes say of what runs, never what was asked for. */
export class StateSnapshot {
  readonly readings = new WalkedReadings<Found>(NOTHING);
  #statsTime = 0;
  readonly #meter = new RateMeter();
  readonly #discontinuities = new Discontinuities();
  readonly #reading = new Reading(
    () => this.#read(),
    (error) => {
      this.onUnreadable(error);
      this.readings.found({ ...NOTHING, statsTime: this.#statsTime });
    },
  );

  constructor(
    private readonly kernel: LinuxKernel,
    private readonly datastore: Datastore,
    private readonly actions: Actions,
    private readonly probes: Pick<LinkProbes, 'of'>,
    /** vmIndex of VM-MIB, by the names of machines. */
    private readonly vmIndexes: IndexAllocator,
    private readonly sysUpTime: () => number,
    /** As the last examination found it: the tables must not say something else. */
    private readonly driftCount: () => number,
    /** Hears why the kernel could not be read. */
    private readonly onUnreadable: (error: unknown) => void,
  ) {}

  get vifs(): readonly Entry[] {
    return this.readings.shown.vifs;
  }

  get links(): readonly Entry[] {
    return this.readings.shown.links;
  }

  get summary(): SummaryScalars {
    const { applied, elsewhere, statsTime } = this.readings.shown;
    return {
      vifs: this.datastore.running.configuration.rows(vifTable).length - elsewhere.vifs,
      vifsApplied: applied.vifs,
      links: this.datastore.running.configuration.rows(linkTable).length - elsewhere.links,
      linksApplied: applied.links,
      applyFailures: this.actions.failures,
      statsTime,
    };
  }

  /**
   * Reads the kernel, unless that was done a moment ago. While a commit works, the last reading stands. Of a kernel that
   * cannot be read nothing is said: no row is in force as far as anybody knows.
   */
  async refresh(): Promise<void> {
    if (this.actions.isBusy) return;
    await this.#reading.refresh(`${String(this.datastore.generation)} ${String(this.driftCount())}`);
  }

  async #read(): Promise<void> {
    // What happens meanwhile may not be in it.
    const begun = this.sysUpTime();
    const running = this.datastore.running.configuration;
    const reading = await this.kernel.read(running);
    const now = performance.now();
    const { binding } = reading;
    const desired = new Map(
      desiredTrees(reading.configuration, reading).map((tree) => [tree.vif, expandTree(tree)] as const),
    );
    // Of a machine that may be elsewhere, and is, that host tells.
    const elsewhere = new Set(binding.away.filter((one) => !isMissed(one)).map(({ row }) => row.vif));
    const isToldOf = ({ vif }: { readonly vif: string }): boolean => !elsewhere.has(vif);
    const vifRows = running
      .rows(vifTable)
      .filter(isToldOf)
      .map((row) => this.#vifState(row, reading, desired.get(binding.deviceOf(row.vif) ?? ''), now));
    const filters = new Map(
      [...reading.tc.devices].map(([vif, device]) => [vif, byNetwork(device)] as const),
    );
    const links = running
      .entries(linkTable)
      .filter(({ row }) => isToldOf(row as LinkRow))
      .map((entry) => {
        const row = entry.row as LinkRow;
        const device = binding.deviceOf(row.vif) ?? '';
        const state = this.#linkState(row, running, reading, filters.get(device), desired.get(device), now);
        // Both tables have the same index, and one of it is enough of tens of thousands.
        return { index: entry.index, row: state };
      });
    const linkRows = links.map(({ row }) => row);
    this.#discontinuities.retain(
      new Set([
        ...vifRows.map(({ vif }) => vif),
        ...linkRows.map(({ vif, peerName }) => `${vif} ${peerName}`),
      ]),
    );
    const isApplied = ({ oper }: { readonly oper: string }): boolean => oper === 'applied';
    this.#statsTime = begun;
    this.readings.found({
      vifs: vifRows.map((row) => ({ index: encodeIndex(vifStateTable, row), row })),
      links,
      applied: { vifs: vifRows.filter(isApplied).length, links: linkRows.filter(isApplied).length },
      elsewhere: {
        vifs: elsewhere.size,
        links: running.rows(linkTable).length - linkRows.length,
      },
      statsTime: begun,
    });
  }

  #vifState(row: VifRow, reading: BoundReading, desired: TcDevice | undefined, now: number): VifStateRow {
    const { vif } = row;
    const name = reading.binding.deviceOf(vif) ?? '';
    const link = reading.links.get(name);
    const device = reading.tc.devices.get(name);
    const counters = reading.tc.counters.get(name);
    const down = downWords(link, reading.links);
    // Where nothing of ours counts, the interface does.
    const rx = counters?.rx ?? passedCounters(link?.passed?.sent);
    const tx = counters?.tx ?? passedCounters(link?.passed?.received);
    const rxKey = `${counters?.rx === undefined ? 'interface' : 'line'} rx ${vif}`;
    const txKey = `${counters?.tx === undefined ? 'interface' : 'line'} tx ${vif}`;
    this.#meter.read(rxKey, rx, now);
    this.#meter.read(txKey, tx, now);
    return {
      vif,
      name: vif,
      oper: vifOper(link, isSame(name, device, desired), down !== ''),
      ifIndex: link?.ifindex ?? 0,
      // Empty: the configuration does not say which.
      vmIndex: row.vmName === '' ? 0 : this.vmIndexes.indexOf(reading.binding.machineOf(row.vmName)),
      vmName: row.vmName,
      bridge: link?.master ?? '',
      txBandwidth: kilobits(device?.tx?.rate),
      txMeasuredBandwidth: this.#meter.rate(txKey),
      rxBandwidth: parentRate(device),
      rxLatency: defaultLeaf(device).netem?.latency ?? 0,
      rxMeasuredBandwidth: this.#meter.rate(rxKey),
      txOctets: tx.octets,
      txPackets: tx.packets,
      txDrops: tx.drops,
      txOverlimits: tx.overlimits,
      txBacklogOctets: tx.backlogOctets,
      txBacklogPackets: tx.backlogPackets,
      rxOctets: rx.octets,
      rxPackets: rx.packets,
      rxDrops: rx.drops,
      discontinuity: this.#discontinuities.of(
        vif,
        link && [
          ...whoCounts(counters?.rx, counters?.tx),
          ...[tx.octets, tx.packets, tx.drops, tx.overlimits, rx.octets, rx.packets, rx.drops],
        ],
        this.sysUpTime(),
      ),
      lastError: down || (this.actions.problems.find((problem) => problem.vif === vif)?.text ?? ''),
    };
  }

  #linkState(
    row: LinkRow,
    running: Configuration,
    reading: BoundReading,
    filters: ReadonlyMap<string, TcFilter> | undefined,
    desired: TcDevice | undefined,
    now: number,
  ): LinkStateRow {
    const { vif, peer, peerPrefixLength } = row;
    const network = peerNetwork(row).toString();
    const name = reading.binding.deviceOf(vif) ?? '';
    const device = reading.tc.devices.get(name);
    const filter = filters?.get(network);
    const leaf = device === undefined || filter === undefined ? undefined : leafOf(device, filter.classMinor);
    const counters =
      filter === undefined ? undefined : reading.tc.counters.get(name)?.classes.get(filter.classMinor);
    const key = `${vif} ${network}`;
    this.#meter.read(key, counters, now);
    const { octets, packets, drops, overlimits, backlogOctets, backlogPackets } = counters ?? NO_COUNTERS;
    return {
      vif,
      peer,
      peerPrefixLength,
      vifName: vif,
      peerName: network,
      oper: !reading.links.has(name) ? 'absent' : isInForce(leaf, filter, desired) ? 'applied' : 'drifted',
      profileName: running.get(profileTable, [row.profile])?.name ?? '',
      bandwidth: kilobits(leaf?.tbf?.rate),
      latency: leaf?.netem?.latency ?? 0,
      jitter: leaf?.netem?.jitter?.jitter ?? 0,
      loss: meanLoss(leaf?.netem?.loss),
      measuredBandwidth: this.#meter.rate(key),
      octets,
      packets,
      drops,
      overlimits,
      backlogOctets,
      backlogPackets,
      discontinuity: this.#discontinuities.of(
        key,
        counters && [octets, packets, drops, overlimits],
        this.sysUpTime(),
      ),
      ...this.probes.of(row),
    };
  }
}

function passedCounters(passed: Passed | undefined): TcCounters {
  return passed === undefined ? NO_COUNTERS : { ...NO_COUNTERS, ...passed };
}

/** Counters of which one goes back whenever something else counts than before. */
function whoCounts(...shaped: readonly (TcCounters | undefined)[]): bigint[] {
  return shaped.flatMap((counters) => (counters === undefined ? [0n, 1n] : [1n, 0n]));
}

function vifOper(link: Link | undefined, isSameAsWanted: boolean, isDown: boolean): VifStateRow['oper'] {
  if (link === undefined) return 'absent';
  if (!isSameAsWanted) return 'drifted';
  return isDown ? 'degraded' : 'applied';
}

/** Why nothing can pass a vif that is there, if it is so; else empty. */
function downWords(link: Link | undefined, links: KernelReading['links']): string {
  if (link === undefined) return '';
  if (!link.up) return `${link.name} is down`;
  if (NO_CARRIER.has(link.operstate)) return `${link.name} has no carrier: the machine's end of it is down`;
  const bridge = link.master === undefined ? undefined : links.get(link.master);
  return bridge?.up === false ? `${bridge.name}, the bridge of ${link.name}, is down` : '';
}

/** Whether nothing would have to change at the vif. */
function isSame(vif: string, present: TcDevice | undefined, desired: TcDevice | undefined): boolean {
  if (present === undefined || desired === undefined || inTheWay(present, desired).length > 0) return false;
  return writeTc(new Map([[vif, present]]), new Map([[vif, desired]])) === '';
}

/** Whether a link's packets have the fate that is wanted: the class keeps its number where it can. */
function isInForce(
  leaf: Leaf | undefined,
  filter: TcFilter | undefined,
  desired: TcDevice | undefined,
): boolean {
  if (leaf === undefined || filter === undefined || desired === undefined) return false;
  return sameLeaf(leaf, leafOf(desired, filter.classMinor));
}

function byNetwork(device: TcDevice): ReadonlyMap<string, TcFilter> {
  const reached = device.filters.filter((filter) => isReached(device, filter));
  return new Map(reached.map((filter) => [filter.network.toString(), filter]));
}

function defaultLeaf(device: TcDevice | undefined): Leaf {
  return device?.root === true ? leafOf(device, DEFAULT_CLASS) : {};
}

function parentRate(device: TcDevice | undefined): number {
  const rate = device?.classes.get(PARENT_CLASS)?.ceil;
  return rate === undefined || rate >= UNLIMITED ? 0 : kilobits(rate);
}

/** The share of packets that get lost in the long run, parts per million. */
function meanLoss(loss: Loss | undefined): number {
  if (loss === undefined) return 0;
  if (loss.model === 'random') return loss.share;
  const { p, r, bad, good } = loss;
  // The states' shares of the time are r and p of their sum (Gilbert, 1960).
  return p + r === 0 ? good : Math.round((p * bad + r * good) / (p + r));
}

function kilobits(bitsPerSecond = 0): number {
  return Math.round(bitsPerSecond / BITS_PER_KILOBIT);
}
