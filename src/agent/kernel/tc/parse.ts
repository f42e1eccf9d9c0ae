import { NetmgrError } from '../../../errors.js';
import { groupBy } from '../../../group-by.js';
import { expectInterfaceName } from '../names.js';
import { numberOf, recordOf, recordsOf, textOf } from '../printed.js';
import { classCounters, deviceCounters } from './counters.js';
import { isFirstTable, parseFilter, parseHandle, parseLink, type PrintedFilter } from './filter.js';
import { ifbName, isIfbName, SINK } from './ifb-name.js';
import {
  FILTER_PRIORITY,
  REDIRECT_PRIORITY,
  ROOT,
  TBF_HANDLES,
  type FilterHash,
  type ForeignQdisc,
  type HtbClass,
  type LeafQdisc,
  type PlacedQdisc,
  type StrangeFilter,
  type Tbf,
  type TcCounters,
  type TcDevice,
  type TcFilter,
  type TcReading,
  type VifCounters,
} from './model.js';
import { parseNetem } from './netem-text.js';
import { numberMatches, printedQdisc, type PrintedQdisc } from './printed-qdisc.js';
import { hashTableOf } from './source-hash.js';
import { parseSplits, parseSplitter } from './splitter-text.js';

const HANDLE = `${ROOT.toString(16)}:`;
const SINK_IFB = ifbName(SINK);
/** A class of ours, as tc prints it without -j being of any effect. */
const CLASS =
  /^class htb 4e4d:([0-9a-f]+) (?:root|parent 4e4d:([0-9a-f]+)) .*?rate ([0-9]+)([KMGT]?)bit (overhead [0-9]+ )?ceil ([0-9]+)([KMGT]?)bit /;
const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/**
 * The lines that {@link parseTc} reads the answers of.
 *
 * @param asked whose qdiscs are asked for one by one; without it those of all interfaces are, at once
 */
export function readLines(vifs: readonly string[], asked?: readonly string[]): string {
  return [
    ...(asked?.map((device) => `qdisc show dev ${expectInterfaceName(device)}`) ?? ['qdisc show']),
    ...vifs.flatMap((vif) => [
      `class show dev ${vif}`,
      `filter show dev ${vif}`,
      `filter show dev ${vif} ingress`,
    ]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** What tc printed about one vif. */
interface Section {
  readonly classLines: string[];
  readonly filters: Record<string, unknown>[];
  readonly ingress: Record<string, unknown>[];
}

/**
 * Reads the output of `tc -s -r -j -batch` for {@link readLines}: a JSON array of all qdiscs, or one for each of the devices, then for each
 * vif its classes as text (iproute2 6.1 has no JSON for them, and no name of the device) and two JSON arrays.
 *
 * @throws NetmgrError `Bug` if the output has another form.
 */
export function parseTc(output: string, vifs: readonly string[], asked?: readonly string[]): TcReading {
  const lines = output.split('\n').values();
  const qdiscs = groupBy(takeQdiscs(lines, asked), ({ dev }) => dev);
  const devices = new Map<string, TcDevice>();
  const counters = new Map<string, VifCounters>();
  for (const vif of vifs) {
    const section = takeSection(lines);
    const own = qdiscs.get(vif) ?? [];
    const ifb = qdiscs.get(ifbName(vif));
    const isAwaited = ifb !== undefined || (qdiscs.has(SINK_IFB) && own.some(isOurRoot));
    const device = parseDevice(vif, own, ifb, isAwaited, section);
    devices.set(vif, device);
    if (!device.root) continue;
    const tx = ifb?.find(({ root, handle }) => root === true && handle === HANDLE);
    const rest: { tx?: TcCounters } = tx === undefined ? {} : { tx: deviceCounters([tx]) };
    counters.set(vif, {
      rx: deviceCounters(own),
      classes: classCounters(device, own, section.classLines),
      ...rest,
    });
  }
  return { devices, counters };
}

function parseLine(line: string): Record<string, unknown>[] {
  try {
    return recordsOf(numberMatches(line));
  } catch (error) {
    throw new NetmgrError({
      kind: 'Bug',
      message: 'tc answered in a form that netmgr does not read',
      hint: 'iproute2 from 5.10 to 6.14 is known to work.',
      cause: error,
    });
  }
}

/** The next of the lines, undefined after the last. */
function nextOf(lines: Iterator<string, unknown>): string | undefined {
  const { done, value } = lines.next();
  return done === true ? undefined : value;
}

function takeQdiscs(lines: Iterator<string, unknown>, asked?: readonly string[]): PrintedQdisc[] {
  const next = (): Record<string, unknown>[] => parseLine(nextOf(lines) ?? '');
  if (asked === undefined) return next().map(printedQdisc);
  // Of one that it was asked for tc does not say the name.
  return asked.flatMap((dev) => next().map((qdisc) => printedQdisc({ ...qdisc, dev })));
}

function takeSection(lines: Iterator<string, unknown>): Section {
  const classLines: string[] = [];
  for (;;) {
    const line = nextOf(lines);
    if (line === undefined || line.startsWith('[')) {
      return { classLines, filters: parseLine(line ?? ''), ingress: parseLine(nextOf(lines) ?? '') };
    }
    classLines.push(line);
  }
}

const isOurRoot = ({ root, handle, kind }: PrintedQdisc): boolean =>
  root === true && handle === HANDLE && kind === 'htb';

function parseDevice(
  vif: string,
  own: readonly PrintedQdisc[],
  ifb: readonly PrintedQdisc[] | undefined,
  isAwaited: boolean,
  section: Section,
): TcDevice {
  const root = own.some(isOurRoot);
  const ingress = parseIngress(own, isAwaited, section.ingress, ifbName(vif));
  const foreign = [foreignRoot(own), ingress.foreign].filter((one) => one !== undefined);
  const tx = ifb?.find(
    ({ root: isRoot, handle, kind }) => isRoot === true && handle === HANDLE && kind === 'tbf',
  );
  const { filters, hash, strange } = parseFilters(root ? section.filters : []);
  return {
    vif,
    root,
    classes: root ? parseClasses(section.classLines) : new Map(),
    qdiscs: root ? own.flatMap(parsePlaced) : [],
    filters,
    ...(hash === undefined ? {} : { hash }),
    ...(strange.length === 0 ? {} : { strangeFilters: strange }),
    ingress: ingress.ours,
    redirect: ingress.redirect,
    ...(ingress.astray === undefined ? {} : { astray: ingress.astray }),
    ...(ingress.copies ? { copies: true } : {}),
    ...(tx === undefined ? {} : { tx: parseTbf(tx.options) }),
    foreign,
  };
}

/**
 * A qdisc with the handle 0: is the kernel's own choice, and so is what hangs below it. libvirt gives its taps one that does nothing
 * and has no options: how to make that again need not be found out.
 */
function foreignRoot(own: readonly PrintedQdisc[]): ForeignQdisc | undefined {
  const root = own.find((qdisc) => qdisc.root === true);
  if (root === undefined || root.handle === '0:') return undefined;
  if (root.handle === HANDLE && root.kind === 'htb') return undefined;
  const { kind, handle } = root;
  return { kind, handle, at: 'root', ...(kind === 'noqueue' ? { remake: '' } : {}) };
}

interface Ingress {
  readonly ours: boolean;
  readonly redirect: string | false;
  readonly astray?: NonNullable<TcDevice['astray']>;
  readonly copies?: boolean;
  readonly foreign?: ForeignQdisc;
}

/**
 * An ingress qdisc has no handle to choose. It is ours if our redirect is all it has, or if it is empty and
 * an IFB of ours waits for it. Somebody else's may hold our redirect too.
 */
function parseIngress(
  own: readonly PrintedQdisc[],
  isAwaited: boolean,
  records: readonly Record<string, unknown>[],
  ifb: string,
): Ingress {
  const qdisc = own.find(({ parent }) => parent === 'ffff:fff1');
  if (qdisc === undefined) return { ours: false, redirect: false };
  const redirect = records.find((record) => isLedTo(record, (device) => device === ifb));
  const copying = records.find((record) => isLedTo(record, (device) => device === SINK_IFB));
  const astray = redirect === undefined ? records.find((record) => leadsAstray(record)) : undefined;
  const found = redirect ?? astray;
  const others = records.some(({ pref }) => pref !== REDIRECT_PRIORITY);
  const isOurs = qdisc.kind === 'ingress' && !others && ((found ?? copying) !== undefined || isAwaited);
  return {
    ours: isOurs,
    redirect: found === undefined ? false : handleOf(found),
    ...(astray === undefined
      ? {}
      : { astray: isLedTo(astray, isNoDevice) ? ('nowhere' as const) : ('elsewhere' as const) }),
    ...(copying === undefined ? {} : { copies: true }),
    ...(isOurs ? {} : { foreign: { kind: qdisc.kind, handle: qdisc.handle, at: 'ingress' } }),
  };
}

/** What tc prints for a device that is gone. */
const isNoDevice = (device: unknown): boolean => device === '*';

/** To an IFB that is gone, or to that of another vif: what hangs at an interface stays there when it gets another name. */
const leadsAstray = (record: Record<string, unknown>): boolean =>
  isLedTo(
    record,
    (device) =>
      isNoDevice(device) || (typeof device === 'string' && isIfbName(device) && device !== SINK_IFB),
  );

function isLedTo(record: Record<string, unknown>, isMeant: (device: unknown) => boolean): boolean {
  const actions = recordOf(record['options'])['actions'];
  return (
    record['pref'] === REDIRECT_PRIORITY &&
    Array.isArray(actions) &&
    actions.some((action) => isMeant(recordOf(action)['to_dev']))
  );
}

const handleOf = (record: Record<string, unknown>): string =>
  withoutNumber(textOf(recordOf(record['options'])['fh']));

/** With -r tc adds the number in brackets: `800::801[80000801]`. */
const withoutNumber = (handle: string): string => handle.replace(/\[.*$/, '');

function parseClasses(lines: readonly string[]): Map<number, HtbClass> {
  const classes = new Map<number, HtbClass>();
  for (const line of lines) {
    const [, minor, parent, rate, rateUnit, overhead, ceil, ceilUnit] = CLASS.exec(line) ?? [];
    if (minor === undefined) continue;
    classes.set(Number.parseInt(minor, 16), {
      parent: parent === undefined ? 0 : Number.parseInt(parent, 16),
      rate: Number(rate) * (UNITS[rateUnit ?? ''] ?? 1),
      ceil: Number(ceil) * (UNITS[ceilUnit ?? ''] ?? 1),
      ...(overhead === undefined ? {} : { wire: true }),
    });
  }
  return classes;
}

/** A qdisc at one of our classes, or below a qdisc of one: `4e4d:10`, `10:1`, `10:` or `8010:1`. */
function parsePlaced({ parent, handle, kind, options }: PrintedQdisc): PlacedQdisc[] {
  const [, major, minor] = /^([0-9a-f]+):([0-9a-f]*)$/.exec(parent ?? '') ?? [];
  if (major === undefined || parent === 'ffff:fff1') return [];
  const isAtClass = major === ROOT.toString(16);
  const below = isAtClass ? 0 : Number.parseInt(major, 16);
  return [
    {
      classMinor: isAtClass ? Number.parseInt(minor ?? '', 16) : below % TBF_HANDLES,
      below,
      handle: Number.parseInt(handle, 16),
      qdisc: parseLeafQdisc(kind, options),
    },
  ];
}

function parseLeafQdisc(kind: string, options: Readonly<Record<string, unknown>>): LeafQdisc {
  if (kind === 'tbf') {
    const splitter = parseSplitter(options);
    return splitter === undefined ? { kind, ...parseTbf(options) } : { kind: 'splitter', ...splitter };
  }
  if (kind === 'netem') return { kind, ...parseNetem(options) };
  return { kind: 'unknown' };
}

function parseTbf(options: Readonly<Record<string, unknown>>): Tbf {
  // tc counts the overhead of one packet into the burst that it prints.
  const overhead = numberOf(options['overhead']);
  return {
    rate: numberOf(options['rate']) * 8,
    burst: numberOf(options['burst']) - overhead,
    limit: numberOf(options['limit']),
    ...(parseSplits(options) ? { splits: true } : {}),
    ...(overhead === 0 ? {} : { wire: true }),
  };
}

const MATCH = /^match\d+$/;

interface Filters {
  readonly filters: readonly TcFilter[];
  readonly hash?: FilterHash;
  readonly strange: readonly StrangeFilter[];
}

/** Those at our root. tc prints a priority and the tables of u32 too, which are no filters. */
function parseFilters(records: readonly Record<string, unknown>[]): Filters {
  const filters: TcFilter[] = [];
  const strange = new Map<string, StrangeFilter>();
  const [tables, links] = [new Set<number>(), new Set<number>()];
  let [hasPriority, isTangled] = [false, false];
  for (const record of records) {
    const { kind, parent, chain } = record;
    const place = { protocol: textOf(record['protocol']), priority: numberOf(record['pref']) };
    // Nothing leads to another chain but a filter of this one.
    if (parent !== HANDLE || numberOf(chain) !== 0 || !/^[\w.-]+$/.test(place.protocol)) continue;
    const isOurs = kind === 'u32' && place.protocol === 'all' && place.priority === FILTER_PRIORITY;
    hasPriority ||= isOurs;
    const options = recordOf(record['options']);
    const printed = printedFilter(options);
    if (isOurs && options['ht_divisor'] !== undefined) {
      const id = Number.parseInt(printed.fh, 16);
      if (hashTableOf(id)?.buckets === options['ht_divisor']) tables.add(id);
      else isTangled ||= !isFirstTable(id);
    }
    if (kind === 'u32' && printed.flowid === undefined && printed.matches.length === 0) continue;
    const filter = isOurs ? parseFilter(printed) : undefined;
    const link = isOurs ? parseLink(printed) : undefined;
    if (filter !== undefined) filters.push(filter);
    else if (link !== undefined && !links.has(link)) links.add(link);
    else {
      const one = kind === 'u32' ? { ...place, handle: printed.fh } : place;
      strange.set(JSON.stringify(one), one);
      isTangled ||= isOurs && hasNumberOfOurs(printed.fh);
    }
  }
  return {
    ...{ filters, strange: [...strange.values()] },
    ...(hasPriority ? { hash: { tables, links, ...(isTangled ? { isTangled } : {}) } } : {}),
  };
}

/** Whether it has a number by which links are ordered. */
function hasNumberOfOurs(fh: string): boolean {
  const { table = 0, node = 0 } = parseHandle(fh) ?? {};
  return isFirstTable(table) && hashTableOf(node) !== undefined;
}

function printedFilter(options: Readonly<Record<string, unknown>>): PrintedFilter {
  const [flowid, link] = [options['flowid'], options['link']];
  return {
    fh: withoutNumber(textOf(options['fh'])),
    ...(flowid === undefined ? {} : { flowid: textOf(flowid) }),
    ...(link === undefined ? {} : { link: withoutNumber(textOf(link)) }),
    hashMask: textOf(options['hash_mask']),
    hashOffset: numberOf(options['hash_off']),
    matches: Object.entries(options)
      .filter(([key]) => MATCH.test(key))
      .map(([, value]) => {
        const match = recordOf(value);
        return { value: textOf(match['value']), mask: textOf(match['mask']), off: numberOf(match['off']) };
      }),
  };
}
