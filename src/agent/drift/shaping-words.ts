import { BitRate } from '../../units/bit-rate.js';
import { Duration } from '../../units/duration.js';
import { Ratio } from '../../units/ratio.js';
import { filterKey, isReached } from '../kernel/tc/filter.js';
import {
  DEFAULT_CLASS,
  PARENT_CLASS,
  ROOT,
  SPLITTER_HANDLES,
  UNLIMITED,
  type HtbClass,
  type LeafQdisc,
  type Netem,
  type PlacedQdisc,
  type Tbf,
  type TcDevice,
} from '../kernel/tc/model.js';
import { sameClass, sameQdisc, sameTbf } from '../kernel/tc/same.js';
import { differenceOf } from './difference.js';

/** How what hangs at a vif differs from what should, one sentence for each object. Both have a root of ours. */
export function treeWords(held: TcDevice, wanted: TcDevice): string[] {
  return [...classWords(held, wanted), ...qdiscWords(held, wanted), ...filterWords(held, wanted)];
}

/** How the way of what the machine sends differs. */
export function txWords(held: TcDevice, wanted: TcDevice): string[] {
  const words: string[] = [];
  const { vif } = wanted;
  const isSame =
    held.tx === undefined || wanted.tx === undefined ? held.tx === wanted.tx : sameTbf(held.tx, wanted.tx);
  if (!isSame) {
    words.push(
      `what the machine of ${vif} sends should have ${tbfText(wanted.tx)}, and has ${tbfText(held.tx)}`,
    );
  }
  if (held.astray === 'elsewhere') {
    const where = wanted.redirect === false ? 'not be led to an IFB' : 'be led to its IFB';
    return [...words, `what the machine of ${vif} sends should ${where}, and is led to that of another vif`];
  }
  const redirects = (device: TcDevice): boolean => device.ingress && device.redirect !== false;
  if (redirects(held) !== redirects(wanted)) {
    const [should, is] = redirects(wanted) ? ['', 'not '] : ['not ', ''];
    words.push(
      `what the machine of ${vif} sends should ${should}be led to its IFB, and is ${is || 'led there'}`,
    );
  }
  if (held.copies !== wanted.copies) {
    const [should, is] = wanted.copies === true ? ['', 'not'] : ['not ', 'copied'];
    words.push(`what the machine of ${vif} sends should ${should}be copied as it comes in, and is ${is}`);
  }
  return words;
}

function classWords({ vif, classes: held }: TcDevice, { classes: wanted, filters }: TcDevice): string[] {
  const byName = (all: ReadonlyMap<number, HtbClass>): Map<string, HtbClass> =>
    new Map([...all].map(([minor, one]) => [classText(minor, filters), one]));
  const { missing, surplus, both } = differenceOf(byName(held), byName(wanted));
  return [
    ...missing.map(([name]) => `${vif} should have ${name}, and has not`),
    ...surplus.map(([name]) => `${vif} should not have ${name}, and has it`),
    ...both
      .filter(([, a, b]) => !sameClass(a, b))
      .map(([name, a, b]) => `${name} of ${vif} should have ${rateText(b)}, and has ${rateText(a)}`),
  ];
}

function qdiscWords({ vif, qdiscs: held }: TcDevice, { qdiscs: wanted, filters }: TcDevice): string[] {
  const byPlace = (all: readonly PlacedQdisc[]): Map<string, PlacedQdisc> =>
    new Map(all.map((one) => [`${placeText(one)}${classText(one.classMinor, filters)}`, one]));
  const { missing, surplus, both } = differenceOf(byPlace(held), byPlace(wanted));
  const sentence = (name: string, is: LeafQdisc | undefined, should: LeafQdisc | undefined): string =>
    `${name} of ${vif} should have ${qdiscText(should)}, and has ${qdiscText(is)}`;
  return [
    ...missing.map(([name, { qdisc }]) => sentence(name, undefined, qdisc)),
    ...surplus.map(([name, { qdisc }]) => sentence(name, qdisc, undefined)),
    ...both
      .filter(([, a, b]) => a.handle !== b.handle || !sameQdisc(a.qdisc, b.qdisc))
      .map(([name, a, b]) => sentence(name, a.qdisc, b.qdisc)),
  ];
}

function filterWords(present: TcDevice, { filters: wanted }: TcDevice): string[] {
  const { vif, filters: held, strangeFilters = [] } = present;
  const has = new Set(held.map(filterKey));
  const wants = new Set(wanted.map(filterKey));
  const text = ({ network, classMinor }: TcDevice['filters'][number]): string =>
    `the filter that leads ${network.toString()} to class ${minorText(classMinor)}`;
  const twice = held.filter((one, i) => held.findIndex((other) => filterKey(other) === filterKey(one)) < i);
  return [
    ...wanted
      .filter((one) => !has.has(filterKey(one)))
      .map((one) => `${vif} should have ${text(one)}, and has not`),
    ...held
      .filter((one) => !wants.has(filterKey(one)))
      .map((one) => `${vif} should not have ${text(one)}, and has it`),
    ...twice
      .filter((one) => wants.has(filterKey(one)))
      .map((one) => `${vif} should have ${text(one)} once, and has it several times`),
    ...held
      .filter((one) => wants.has(filterKey(one)) && !isReached(present, one))
      .map((one) => `packets should come to ${text(one)} of ${vif}, and do not`),
    ...(present.hash?.isTangled === true
      ? [`${vif} should have the tables of its filters for itself, and has not`]
      : []),
    ...strangeFilters.map(
      ({ protocol, priority }) =>
        `${vif} should not have the filter of priority ${String(priority)} for protocol ${protocol} at netmgr's root qdisc, and has it`,
    ),
  ];
}

const minorText = (minor: number): string => `${ROOT.toString(16)}:${minor.toString(16)}`;

/** A class by its number and what it is for, as the configuration has it. */
function classText(minor: number, filters: TcDevice['filters']): string {
  const peers = filters
    .filter(({ classMinor }) => classMinor === minor)
    .map(({ network }) => network.toString());
  const use =
    minor === PARENT_CLASS
      ? ' (all that is received)'
      : minor === DEFAULT_CLASS
        ? ' (the rest)'
        : peers.length > 0
          ? ` (from ${peers.join(', ')})`
          : '';
  return `class ${minorText(minor)}${use}`;
}

function bits(rate: number): string {
  if (rate >= UNLIMITED) return 'no limit';
  return rate >= 1 ? BitRate.ofBitsPerSecond(Math.floor(rate)).toString() : '0bit';
}

function rateText({ rate, ceil, parent, wire }: HtbClass): string {
  const below = parent === 0 ? '' : ` below class ${minorText(parent)}`;
  const rates = rate === ceil ? bits(rate) : `${bits(rate)} to ${bits(ceil)}`;
  return `${rates}${wireText({ wire })}${below}`;
}

const wireText = ({ wire }: { readonly wire?: true | undefined }): string =>
  wire === undefined ? '' : ' on the wire';

function tbfText(tbf: Tbf | undefined): string {
  return tbf === undefined
    ? 'no rate'
    : `${bits(tbf.rate)}${wireText(tbf)} (burst ${String(tbf.burst)}, limit ${String(tbf.limit)}${tbf.splits === true ? ', splitting' : ''})`;
}

function placeText({ below }: PlacedQdisc): string {
  if (below === 0) return '';
  return below >= SPLITTER_HANDLES ? 'the splitter of ' : 'the netem of ';
}

function netemText({ latency, jitter, loss, duplicate, reorder, corrupt, limit }: Netem): string {
  const share = (ppm: number): string => Ratio.ofPartsPerMillion(ppm).toString();
  const time = (microseconds: number): string => Duration.ofMicroseconds(microseconds).toString();
  const correlated = ({ correlation }: { readonly correlation?: number }): string =>
    correlation === undefined ? '' : ` correlation ${share(correlation)}`;
  const parts = [
    time(latency),
    ...(jitter === undefined
      ? []
      : [
          `jitter ${time(jitter.jitter)} ${jitter.distribution}${correlated(jitter)}${jitter.reorders ? ' reordering' : ''}`,
        ]),
    ...(loss?.model === 'random' ? [`loss ${share(loss.share)}${correlated(loss)}`] : []),
    ...(loss?.model === 'gemodel'
      ? [`loss gemodel ${[loss.p, loss.r, loss.bad, loss.good].map(share).join(' ')}`]
      : []),
    ...(duplicate === undefined ? [] : [`duplicate ${share(duplicate)}`]),
    ...(reorder === undefined ? [] : [`reorder ${share(reorder.share)} gap ${String(reorder.gap)}`]),
    ...(corrupt === undefined ? [] : [`corrupt ${share(corrupt)}`]),
  ];
  return `netem ${parts.join(' ')} (limit ${String(limit)})`;
}

function qdiscText(qdisc: LeafQdisc | undefined): string {
  switch (qdisc?.kind) {
    case undefined:
      return 'no qdisc of its own';
    case 'tbf':
      return `tbf ${tbfText(qdisc)}`;
    case 'splitter':
      return `a splitter above ${String(qdisc.longest)} octets`;
    case 'netem':
      return netemText(qdisc);
    case 'unknown':
      return 'one of another kind';
  }
}
