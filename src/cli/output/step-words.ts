import type { StepProgress } from '../../manager/apply/apply-listener.js';

/** Seconds of a step after which its rate says something. */
const FIRST_ESTIMATE = 1;

/**
 * Says how far a step is, at what rate it goes on, and how long it will take: `write 30,000 of 104,091 rows, 21,000/s, 4 s left`,
 * `commit 43 %, 12 s left`. One for each host.
 */
export class StepWords {
  #step = '';
  #since = 0;
  #first = 0;

  /** @param now milliseconds */
  of(step: string, progress: StepProgress | undefined, now: number): string {
    if (progress === undefined) {
      this.#step = '';
      return step;
    }
    const { done, all, unit } = progress;
    if (step !== this.#step) {
      this.#step = step;
      this.#since = now;
      this.#first = done;
    }
    const seconds = (now - this.#since) / 1000;
    const rate = seconds < FIRST_ESTIMATE ? 0 : (done - this.#first) / seconds;
    const part = unit === '%' ? `${String(done)} %` : `${countText(done)} of ${countText(all)} ${unit}`;
    return [
      `${step} ${part}`,
      ...(rate > 0 && unit !== '%' ? [`${countText(rate)}/s`] : []),
      ...(rate > 0 && done < all ? [`${timeText((all - done) / rate)} left`] : []),
    ].join(', ');
  }
}

const countText = (count: number): string => Math.round(count).toLocaleString('en-GB');

function timeText(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 120 ? `${String(whole)} s` : `${String(Math.ceil(whole / 60))} min`;
}
