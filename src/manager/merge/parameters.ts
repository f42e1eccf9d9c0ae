import { Duration } from '../../units/duration.js';
import { gilbertOf } from '../../units/gilbert.js';
import { Ratio } from '../../units/ratio.js';
import { givenParameters, type Parameters } from '../model/parameters.js';

const ONE = 1_000_000;
const ALWAYS = Ratio.ofPartsPerMillion(ONE);

/** Those of all, the later ones before the earlier, each by itself. The two models of loss exclude each other. */
export function overridden(lines: readonly (Parameters | undefined)[]): Parameters {
  let result: Parameters = {};
  for (const line of lines) {
    const own = givenParameters(line ?? {});
    if (own.gemodelP !== undefined) result = without(result, ['loss', 'lossCorrelation']);
    else if (own.loss !== undefined) {
      result = without(result, ['gemodelP', 'gemodelR', 'gemodelBad', 'gemodelGood']);
    }
    result = { ...result, ...own };
  }
  return result;
}

/** What of them limits the rate. */
export function rateOf({ bandwidth, burst, queue, framing }: Parameters): Parameters {
  return givenParameters({ bandwidth, burst, queue, framing } as Parameters);
}

function without(parameters: Parameters, names: readonly (keyof Parameters)[]): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => !names.includes(name as keyof Parameters)),
  );
}

/**
 * What becomes of a packet that passes the lines too, before and behind the link: delays and their variations add up,
 * a packet is lost, doubled or corrupted if it is anywhere, and nothing passes where one is down. Their bandwidths are
 * limits of their own.
 */
export function through(parameters: Parameters, lines: readonly Parameters[]): Parameters {
  if (parameters.gemodelP === undefined && lines.every(saysNothing)) return parameters;
  const all = [parameters, ...lines];
  const lost = shareOf(lines.map(({ loss }) => loss));
  const own = lost === undefined ? parameters : inStates(parameters);
  const { gemodelP, gemodelBad, gemodelGood } = own;
  const loss =
    gemodelP === undefined
      ? set('loss', shareOf(all.map((line) => line.loss)))
      : // Each state loses what the lines lose besides.
        {
          ...set('gemodelBad', shareOf([gemodelBad ?? ALWAYS, lost])),
          ...set('gemodelGood', shareOf([gemodelGood, lost])),
        };
  return {
    ...own,
    ...loss,
    ...set('latency', sumOf(all.map(({ latency }) => latency))),
    ...set('jitter', sumOf(all.map(({ jitter }) => jitter))),
    ...set('duplicate', shareOf(all.map(({ duplicate }) => duplicate))),
    ...set('corrupt', shareOf(all.map(({ corrupt }) => corrupt))),
    ...(all.some(({ state }) => state === 'down') ? { state: 'down' as const } : {}),
  };
}

function saysNothing(line: Parameters): boolean {
  for (const name in line) if (line[name as keyof Parameters] !== undefined) return false;
  return true;
}

/** Losses that are correlated, as the two states that make them; the lines lose in each of them besides. */
function inStates(parameters: Parameters): Parameters {
  const { loss, lossCorrelation } = parameters;
  const [share, correlation] = [loss?.partsPerMillion ?? 0, lossCorrelation?.partsPerMillion ?? 0];
  if (share === 0 || correlation === 0) return parameters;
  const { p, r } = gilbertOf(share, correlation);
  return {
    ...without(parameters, ['loss', 'lossCorrelation']),
    gemodelP: Ratio.ofPartsPerMillion(p),
    gemodelR: Ratio.ofPartsPerMillion(r),
  };
}

function set<K extends keyof Parameters>(
  name: K,
  value: Parameters[K] | undefined,
): Partial<Record<K, Parameters[K]>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<K, Parameters[K]>>);
}

function sumOf(times: readonly (Duration | undefined)[]): Duration | undefined {
  const given = times.filter((time) => time !== undefined);
  if (given.length === 0) return undefined;
  return given.reduce((sum, time) => sum.plus(time), Duration.ZERO);
}

/** Of events that do not depend on each other: the share where at least one happens. */
function shareOf(ratios: readonly (Ratio | undefined)[]): Ratio | undefined {
  const given = ratios.filter((ratio) => ratio !== undefined);
  if (given.length === 0) return undefined;
  const none = given.reduce((rest, { partsPerMillion }) => rest * (1 - partsPerMillion / ONE), 1);
  return Ratio.ofPartsPerMillion(Math.round((1 - none) * ONE));
}
