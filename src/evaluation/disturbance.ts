import type { Control, Standstills } from './sample.js';
import { burstTime } from './theory.js';

/** Milliseconds by which a ping with nothing between may come late before round trips count as disturbed. */
const MOST_DELAY = 2;
/** The share of its rate that a link may miss for standstills alone: a fifth of the bound. */
const MOST_MISSED = 0.001;

/**
 * Whether the machine that the lab runs on was busy elsewhere while round trips were measured: judged by the control pings
 * alone, never by what was measured.
 */
export function isDisturbed({ median, worst }: Control): boolean {
  return median === null || worst === null || worst - median > MOST_DELAY;
}

/** Whether the lab's kernel stood still for so long that a link of the rate must have missed a part of it. */
export function isStalled(standstills: Standstills, rate: number): boolean {
  return missedShare(standstills, rate) > MOST_MISSED;
}

/**
 * The share of its rate that a link could not make good: what of each standstill is longer than its burst lasts. A wake-up
 * falls into that part of one with the probability part / interval, and so stands for an interval of it, or for as much as
 * it has seen.
 */
export function missedShare({ interval, cycles, late }: Standstills, rate: number): number {
  const beyond = late.map((milliseconds) => milliseconds - burstTime(rate)).filter((part) => part > 0);
  return beyond.reduce((sum, part) => sum + Math.max(interval, part), 0) / (cycles * interval);
}
