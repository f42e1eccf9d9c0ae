import type { Control } from './sample.js';

/** Milliseconds by which a ping with nothing between may come late before round trips count as disturbed. */
const MOST_DELAY = 2;
/** The same for what is sent for seconds: what a queue makes good does not count. */
const LONGEST_STANDSTILL = 20;

/**
 * Whether the machine that the lab runs on was busy elsewhere while round trips were measured: judged by the control pings
 * alone, never by what was measured.
 */
export function isDisturbed(control: Control): boolean {
  return isLate(control, MOST_DELAY);
}

/** Whether the machine stood still for so long that a flow of seconds must have felt it; judged by the control pings. */
export function isStalled(control: Control): boolean {
  return isLate(control, LONGEST_STANDSTILL);
}

function isLate({ median, worst }: Control, most: number): boolean {
  return median === null || worst === null || worst - median > most;
}
