import { NetmgrError } from '../../../errors.js';
import { expectInterfaceName } from '../names.js';
import {
  FILTER_PLACE,
  filterKey,
  isOurPriority,
  writeFilterAddition,
  writeFilterRemoval,
  writeLinkAddition,
  writeTableAddition,
} from './filter.js';
import { ifbName, SINK } from './ifb-name.js';
import {
  DEFAULT_CLASS,
  nothingAt,
  PARENT_CLASS,
  REDIRECT_PRIORITY,
  ROOT,
  UNLIMITED,
  type ForeignQdisc,
  type HtbClass,
  type LeafQdisc,
  type PlacedQdisc,
  type Tbf,
  type TcDevice,
  type TcFilter,
  type TcState,
} from './model.js';
import { canChange, netemOptions } from './netem-text.js';
import { sameClass, sameQdisc, sameTbf } from './same.js';
import { hashTableOf, type HashTable } from './source-hash.js';
import { splitsOptions, splitterOptions } from './splitter-text.js';
import { burstOf, FRAME } from './sizing.js';

const HANDLE = `${ROOT.toString(16)}:`;
/** Octets: a class that only sorts must never wait for tokens. */
const CLASSIFIER_BURST = 1 << 20;
const UNLIMITED_QUANTUM = 60_000;

const hex = (number: number): string => number.toString(16);

/**
 * The lines for `tc -batch` that lead from one state to another; empty when nothing differs. Traffic keeps
 * its way: what is new is there before what is old goes, and what has the same kind and handle is changed in
 * place. The IFBs of `to` must exist before, those of `from` until after.
 *
 * A root qdisc of somebody else is replaced where it is known how to make it again, and made again where it is wanted.
 *
 * @throws NetmgrError `Conflict` where somebody else's qdisc is in the way.
 */
export function writeTc(from: TcState, to: TcState): string {
  const lines: string[] = [];
  for (const vif of new Set([...from.keys(), ...to.keys()])) {
    expectInterfaceName(vif);
    const before = from.get(vif) ?? nothingAt(vif);
    const after = to.get(vif) ?? nothingAt(vif);
    const foreign = inTheWay(before, after).find(({ remake }) => remake === undefined);
    if (foreign !== undefined) throw foreignQdisc(vif, foreign);
    lines.push(...writeDevice(before, after));
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** What of somebody else has the place of what is wanted. */
export function inTheWay(present: TcDevice, wanted: TcDevice): ForeignQdisc[] {
  return present.foreign.filter(({ at }) =>
    // Our redirect can stand in an ingress qdisc that somebody has put filters into since.
    at === 'root' ? wanted.root : wanted.ingress && present.redirect === false && present.copies !== true,
  );
}

/** How somebody else's qdisc makes way. */
export const removalWords = (vif: string, at: ForeignQdisc['at']): string =>
  `remove it with: tc qdisc del dev ${vif} ${at}`;
export const TAKE_OVER_WORDS =
  'or let netmgr apply --take-over replace it and put it back when the vif is given up';

/** The refusal to touch a device that somebody else manages. */
function foreignQdisc(vif: string, { kind, handle, at }: ForeignQdisc): NetmgrError {
  return new NetmgrError({
    kind: 'Conflict',
    message: `the ${at} qdisc of ${vif} (${kind} ${handle}) was set by somebody else; ${removalWords(vif, at)}; ${TAKE_OVER_WORDS}`,
    subject: vif,
  });
}

function writeDevice(from: TcDevice, to: TcDevice): string[] {
  return [...writeTree(from, to), ...writeTx(from, to)];
}

function writeTree(from: TcDevice, to: TcDevice): string[] {
  const { vif } = to;
  if (!to.root) return writeGivenUp(from, to);
  const lines = from.root
    ? []
    : [
        `qdisc ${foreignRoot(from) === undefined ? 'add' : 'replace'} dev ${vif} root handle ${HANDLE} htb default ${hex(DEFAULT_CLASS)} r2q 10`,
      ];
  const held = from.root ? from : nothingAt(vif);
  lines.push(...removeOtherPriorities(held));
  const misplaced = [...held.classes].filter(
    ([minor, { parent }]) => to.classes.has(minor) && to.classes.get(minor)?.parent !== parent,
  );
  // htb cannot move a class; one of ours elsewhere is somebody's doing, and no way of traffic of ours.
  const gone = new Set(misplaced.map(([minor]) => minor));
  const filtersGo = held.hash !== undefined && (gone.size > 0 || held.hash.isTangled === true);
  if (filtersGo) lines.push(writePriorityRemoval(vif));
  for (const minor of gone) lines.push(writeClassRemoval(vif, minor));
  const { hash, strangeFilters = [], ...others } = held;
  const rest: TcDevice = {
    ...others,
    classes: new Map([...held.classes].filter(([minor]) => !gone.has(minor))),
    qdiscs: held.qdiscs.filter(({ classMinor }) => !gone.has(classMinor)),
    ...(filtersGo ? { filters: [] } : { strangeFilters, ...(hash === undefined ? {} : { hash }) }),
  };
  lines.push(...writeClasses(rest, to));
  for (const minor of to.classes.keys()) lines.push(...writeLeaf(vif, minor, rest.qdiscs, to.qdiscs));
  lines.push(...writeFilters(rest, to));
  for (const minor of rest.classes.keys()) {
    if (!to.classes.has(minor)) lines.push(writeClassRemoval(vif, minor));
  }
  return lines;
}

const foreignRoot = ({ foreign }: TcDevice): ForeignQdisc | undefined =>
  foreign.find(({ at }) => at === 'root');

/** Takes our root away; what somebody else had there comes in its place, unless there is something else by now. */
function writeGivenUp(from: TcDevice, to: TcDevice): string[] {
  const { vif } = to;
  const original = foreignRoot(to);
  if (original?.remake !== undefined && foreignRoot(from) === undefined) {
    const { kind, handle, remake } = original;
    return [`qdisc replace dev ${vif} root handle ${handle} ${kind} ${remake}`.trimEnd()];
  }
  return from.root ? [`qdisc del dev ${vif} root handle ${HANDLE}`] : [];
}

/** What others have put there, but for what is among ours. */
function removeOtherPriorities({ vif, strangeFilters = [] }: TcDevice): string[] {
  const lines = strangeFilters
    .filter((one) => !isOurPriority(one))
    .map(
      ({ protocol, priority }) =>
        `filter del dev ${vif} parent ${HANDLE} protocol ${protocol} prio ${String(priority)}`,
    );
  return [...new Set(lines)];
}

const writeClassRemoval = (vif: string, minor: number): string =>
  `class del dev ${vif} classid ${HANDLE}${hex(minor)}`;

function writeClasses(from: TcDevice, to: TcDevice): string[] {
  const lines: string[] = [];
  for (const [minor, wanted] of [...to.classes].sort(([, a], [, b]) => a.parent - b.parent)) {
    const held = from.classes.get(minor);
    if (held !== undefined && sameClass(held, wanted)) continue;
    const verb = held === undefined ? 'add' : 'change';
    const parent = wanted.parent === 0 ? HANDLE : `${HANDLE}${hex(wanted.parent)}`;
    lines.push(
      `class ${verb} dev ${to.vif} parent ${parent} classid ${HANDLE}${hex(minor)} htb ${classOptions(minor, wanted)}`,
    );
  }
  return lines;
}

/**
 * A parent with a limit has the burst of a tbf of that rate. A borrower's own burst is one frame: what it
 * sends without its parent's leave.
 */
function classOptions(minor: number, { rate, ceil, wire }: HtbClass): string {
  const isLimit = minor === PARENT_CLASS && rate < UNLIMITED;
  const burst = rate >= UNLIMITED ? CLASSIFIER_BURST : isLimit ? burstOf(rate) : FRAME;
  const cburst = isLimit ? burst : CLASSIFIER_BURST;
  const quantum = rate >= UNLIMITED ? UNLIMITED_QUANTUM : FRAME;
  return `rate ${String(rate)}bit ceil ${String(ceil)}bit burst ${String(burst)} cburst ${String(cburst)} quantum ${String(quantum)}${wireOptions(wire)}`;
}

/** Preamble, start, checksum and gap of a frame, and the shortest one with them (IEEE 802.3 section 4.2). */
const wireOptions = (wire: true | undefined): string => (wire === undefined ? '' : ' overhead 24 mpu 84');

const placeOf = ({ classMinor, below }: PlacedQdisc): string =>
  below === 0 ? `${HANDLE}${hex(classMinor)}` : `${hex(below)}:1`;

/** The qdiscs of one class: at the class itself first, then each below the one before. */
function writeLeaf(
  vif: string,
  minor: number,
  from: readonly PlacedQdisc[],
  to: readonly PlacedQdisc[],
): string[] {
  const at = (list: readonly PlacedQdisc[], place: number): PlacedQdisc | undefined =>
    list.find(({ classMinor, below }) => classMinor === minor && below === place);
  const lines: string[] = [];
  let held = at(from, 0);
  let wanted = at(to, 0);
  while (held !== undefined || wanted !== undefined) {
    lines.push(...writeQdisc(vif, held, wanted));
    held = held !== undefined && staysAbove(held, wanted) ? at(from, held.handle) : undefined;
    wanted = wanted === undefined ? undefined : at(to, wanted.handle);
  }
  return lines;
}

/** What hung below a qdisc that goes is gone with it; and 0 is no handle that anything could hang below. */
function staysAbove(held: PlacedQdisc, wanted: PlacedQdisc | undefined): boolean {
  return wanted !== undefined && isSameObject(held, wanted) && held.handle !== 0;
}

function isSameObject(a: PlacedQdisc, b: PlacedQdisc): boolean {
  if (a.handle !== b.handle || a.qdisc.kind !== b.qdisc.kind) return false;
  return a.qdisc.kind !== 'netem' || b.qdisc.kind !== 'netem' || canChange(a.qdisc, b.qdisc);
}

function writeQdisc(vif: string, held: PlacedQdisc | undefined, wanted: PlacedQdisc | undefined): string[] {
  if (held !== undefined && wanted !== undefined && isSameObject(held, wanted)) {
    if (sameQdisc(held.qdisc, wanted.qdisc)) return [];
    return [`qdisc change ${qdiscAt(vif, wanted)} ${qdiscOptions(wanted.qdisc, held.qdisc)}`];
  }
  return [
    ...(held === undefined ? [] : [`qdisc del ${qdiscAt(vif, held)}`]),
    ...(wanted === undefined ? [] : [`qdisc add ${qdiscAt(vif, wanted)} ${qdiscOptions(wanted.qdisc)}`]),
  ];
}

const qdiscAt = (vif: string, placed: PlacedQdisc): string =>
  `dev ${vif} parent ${placeOf(placed)} handle ${hex(placed.handle)}:`;

/** @param held what it is now, if it is to be changed */
function qdiscOptions(qdisc: LeafQdisc, held?: LeafQdisc): string {
  switch (qdisc.kind) {
    case 'splitter':
      return `tbf ${splitterOptions(qdisc)}`;
    case 'tbf':
      return `tbf ${tbfOptions(qdisc)}`;
    case 'netem':
      return `netem ${netemOptions(qdisc, held?.kind === 'netem' ? held : undefined)}`;
    case 'unknown':
      throw new NetmgrError({ kind: 'Bug', message: 'an unknown qdisc cannot be made again' });
  }
}

const tbfOptions = (tbf: Tbf): string =>
  `rate ${String(tbf.rate)}bit burst ${String(tbf.burst)} limit ${String(tbf.limit)}${splitsOptions(tbf)}${wireOptions(tbf.wire)}`;

/**
 * A table stays when its last filter goes: the kernel lets go of the link to it only some time after, and refuses to
 * delete what is linked. With the last filter of all the priority goes as a whole.
 */
function writeFilters(from: TcDevice, to: TcDevice): string[] {
  const { vif } = to;
  if (to.filters.length === 0) return from.hash === undefined ? [] : [writePriorityRemoval(vif)];
  const missing = (key: 'tables' | 'links'): HashTable[] =>
    [...(to.hash?.[key] ?? [])]
      .filter((id) => from.hash?.[key].has(id) !== true)
      .map((id) => hashTableOf(id))
      .filter((table) => table !== undefined);
  const held = new Set(from.filters.map(filterKey));
  // The last knode that goes takes the priority with it: what is new comes first.
  return [
    ...missing('tables').map((table) => writeTableAddition(vif, table)),
    ...to.filters.filter((filter) => !held.has(filterKey(filter))).map((f) => writeFilterAddition(vif, f)),
    ...missing('links').map((table) => writeLinkAddition(vif, table)),
    ...surplusOf(from.filters, to.filters).map(({ handle }) => removeFilter(vif, handle)),
    ...(from.strangeFilters ?? []).filter(isOurPriority).map(({ handle }) => removeFilter(vif, handle)),
  ];
}

/** What is not wanted, or there already. */
function surplusOf(held: readonly TcFilter[], wanted: readonly TcFilter[]): TcFilter[] {
  const left = new Set(wanted.map(filterKey));
  return held.filter((filter) => !left.delete(filterKey(filter)));
}

const writePriorityRemoval = (vif: string): string => `filter del dev ${vif} ${FILTER_PLACE}`;

function removeFilter(vif: string, handle: string | undefined): string {
  if (handle === undefined) {
    throw new NetmgrError({
      kind: 'Bug',
      message: 'a filter that was not read back cannot be deleted',
      subject: vif,
    });
  }
  return writeFilterRemoval(vif, handle);
}

/** What our filter does at the ingress; empty where there is none. */
function ingressActions({ vif, redirect, copies }: TcDevice): string {
  const mirror = copies === true ? ` action mirred egress mirror dev ${ifbName(SINK)}` : '';
  return redirect === false ? mirror : `${mirror} action mirred egress redirect dev ${ifbName(vif)}`;
}

/** The way of what the machine sends. The IFB is ready before anything is sent there. */
function writeTx(from: TcDevice, to: TcDevice): string[] {
  const { vif } = to;
  const ifb = ifbName(vif);
  const lines: string[] = [];
  if (to.tx !== undefined && (from.tx === undefined || !sameTbf(from.tx, to.tx))) {
    const verb = from.tx === undefined ? 'add' : 'change';
    lines.push(`qdisc ${verb} dev ${ifb} root handle ${HANDLE} tbf ${tbfOptions(to.tx)}`);
  }
  const goes = from.ingress && !to.ingress;
  const [held, wanted] = [ingressActions(from), ingressActions(to)];
  const ends = held !== '' && !goes && (wanted !== held || from.astray !== undefined);
  const place = `dev ${vif} ingress protocol all prio ${String(REDIRECT_PRIORITY)}`;
  if (ends) lines.push(`filter del ${place}`);
  if (to.ingress && !from.ingress && held === '') lines.push(`qdisc add dev ${vif} ingress`);
  if (wanted !== '' && (held === '' || ends)) lines.push(`filter add ${place} u32 match u32 0 0${wanted}`);
  if (goes) lines.push(`qdisc del dev ${vif} ingress`);
  if (to.tx === undefined && from.tx !== undefined) lines.push(`qdisc del dev ${ifb} root handle ${HANDLE}`);
  return lines;
}
