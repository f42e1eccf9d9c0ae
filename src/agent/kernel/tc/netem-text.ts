import { numberOf, recordOf } from '../printed.js';
import type { Distribution, Jitter, Loss, Netem } from './model.js';

/**
 * tc does not print the distribution of the jitter. So the limit tells it, which is rounded up to a multiple of four,
 * with the distribution's place in this list added.
 */
const DISTRIBUTIONS: readonly Distribution[] = ['uniform', 'normal', 'pareto', 'paretonormal'];

/**
 * A rate in netem makes each packet wait for the one before (netem_enqueue), and so keeps the order. It is far above
 * what a vif carries: a frame takes 0.3 microseconds. Bits per second.
 */
const ORDERING_RATE = 40_000_000_000;

const PPM = 1e6;
const MICROSECONDS = 1e6;
/** Microseconds that are a whole number of the 64 ns ticks in which tc hands a delay to the kernel. */
const WHOLE_TICKS = 8;

const percent = (ppm: number): string => `${String(ppm / 1e4)}%`;

/** The limit of a netem with that jitter, at least as asked for. */
export function limitOf(packets: number, { distribution }: Pick<Jitter, 'distribution'>): number {
  const code = DISTRIBUTIONS.indexOf(distribution);
  return Math.ceil((packets - code) / DISTRIBUTIONS.length) * DISTRIBUTIONS.length + code;
}

/**
 * The options behind `netem`, to add it or, with what it has now, to change it: what is not named stays as it is in the
 * kernel, so that what goes is named with nothing.
 */
export function netemOptions(netem: Netem, held?: Netem): string {
  return [
    delayOptions(netem, held),
    lossOptions(netem.loss, held?.loss),
    ...shareOptions('duplicate', netem.duplicate, held?.duplicate),
    ...reorderOptions(netem.reorder, held?.reorder),
    ...shareOptions('corrupt', netem.corrupt, held?.corrupt),
    ...rateOptions(netem.jitter, held?.jitter),
    `limit ${String(netem.limit)}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function delayOptions({ latency, jitter }: Netem, held: Netem | undefined): string {
  if (jitter === undefined) {
    const delay = latency === 0 && held === undefined ? '' : `delay ${String(latency)}us`;
    return held?.jitter === undefined ? delay : `${delay} 0us 0%`;
  }
  const { distribution } = jitter;
  const named = distribution === 'uniform' ? '' : ` distribution ${distribution}`;
  return `delay ${String(latency)}us ${String(jitter.jitter)}us 0%${named}`;
}

function lossOptions(loss: Loss | undefined, held: Loss | undefined): string {
  // Without any loss the kernel takes a random one of none for itself.
  if (loss === undefined) return held === undefined ? '' : 'loss random 0% 0%';
  if (loss.model === 'random') return `loss random ${percent(loss.share)} 0%`;
  const { p, r, bad, good } = loss;
  return `loss gemodel ${percent(p)} ${percent(r)} ${percent(bad)} ${percent(good)}`;
}

function shareOptions(name: string, share: number | undefined, held: number | undefined): string[] {
  return share === undefined && held === undefined ? [] : [`${name} ${percent(share ?? 0)}`];
}

function reorderOptions(reorder: Netem['reorder'], held: Netem['reorder']): string[] {
  if (reorder !== undefined) return [`reorder ${percent(reorder.share)} gap ${String(reorder.gap)}`];
  return held === undefined ? [] : ['reorder 0%'];
}

function rateOptions(jitter: Jitter | undefined, held: Jitter | undefined): string[] {
  if (jitter?.reorders === false) return [`rate ${String(ORDERING_RATE)}bit`];
  return held?.reorders === false ? ['rate 0bit'] : [];
}

/** Whether one can become the other in place: the kernel keeps a table of a distribution until the qdisc goes. */
export function canChange({ jitter: held }: Netem, { jitter: wanted }: Netem): boolean {
  if (wanted?.distribution !== 'uniform') return true;
  return held === undefined || held.distribution === 'uniform';
}

/** A netem as tc prints its options. */
export function parseNetem(options: Readonly<Record<string, unknown>>): Netem {
  const delay = recordOf(options['delay']);
  const limit = numberOf(options['limit']);
  const jitter = parseJitter(delay, options, limit);
  const loss = parseLoss(options);
  const duplicate = ppmOf(recordOf(options['duplicate'])['duplicate']);
  const corrupt = ppmOf(recordOf(options['corrupt'])['corrupt']);
  const share = ppmOf(recordOf(options['reorder'])['reorder']);
  const gap = numberOf(options['gap']);
  return {
    latency: askedTime(numberOf(delay['delay'])),
    ...(jitter === undefined ? {} : { jitter }),
    ...(loss === undefined ? {} : { loss }),
    ...(duplicate === 0 ? {} : { duplicate }),
    ...(gap === 0 ? {} : { reorder: { share, gap } }),
    ...(corrupt === 0 ? {} : { corrupt }),
    limit,
  };
}

function parseJitter(
  delay: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>>,
  limit: number,
): Jitter | undefined {
  const jitter = askedTime(numberOf(delay['jitter']));
  if (jitter === 0) return undefined;
  return {
    jitter,
    ...correlationOf(delay['correlation']),
    distribution: DISTRIBUTIONS[limit % DISTRIBUTIONS.length] ?? 'uniform',
    reorders: numberOf(recordOf(options['rate'])['rate']) === 0,
  };
}

function parseLoss(options: Readonly<Record<string, unknown>>): Loss | undefined {
  if (options['loss-gemodel'] !== undefined) {
    const { p, r, '1-h': bad, '1-k': good } = recordOf(options['loss-gemodel']);
    return { model: 'gemodel', p: ppmOf(p), r: ppmOf(r), bad: ppmOf(bad), good: ppmOf(good) };
  }
  const { loss, correlation } = recordOf(options['loss-random']);
  const share = ppmOf(loss);
  return share === 0 ? undefined : { model: 'random', share, ...correlationOf(correlation) };
}

function correlationOf(printed: unknown): { readonly correlation?: number } {
  const correlation = ppmOf(printed);
  return correlation === 0 ? {} : { correlation };
}

/** tc prints shares of one with six digits; the kernel keeps them as 32 bits. */
const ppmOf = (share: unknown): number => Math.round(numberOf(share) * PPM);

/**
 * The microseconds that were asked for, from the seconds that tc prints: it rounds down to ticks and then to
 * microseconds, so that 20123 shows as 20122. Only a multiple of 8 can be shown as it is; it may also be the
 * next one.
 */
function askedTime(seconds: number): number {
  const printed = Math.round(seconds * MICROSECONDS);
  return printed % WHOLE_TICKS === 0 || printed >= MICROSECONDS ? printed : printed + 1;
}
