import { processorTime } from '../processes/processor-time.js';
import type { AuditScope } from './auditor.js';

export interface AuditScheduleNeeds {
  /** Never rejects. */
  readonly audit: (scope: AuditScope) => Promise<void>;
  /** Seconds between examinations; 0: none but those that something calls for. */
  readonly interval: () => number;
  /** Milliseconds for which an interface that came back has waited for what it lacks; undefined: none waits. */
  readonly waitingFor: () => number | undefined;
}

/** Milliseconds from the first event of several to the examination. */
const DEBOUNCE = 100;
/**
 * An examination is followed by a pause of so many times its own length, or, where a machine waits for its network, of its own
 * length, but of no more milliseconds than these.
 */
const PAUSE_FACTOR = 4;
const LONGEST_PAUSE = 1000;
/** Milliseconds between attempts to give an interface what it lacks, and for how long they are made. */
const FIRST_STEP = 200;
const LAST_STEP = 2000;
const PATIENCE = 60_000;

/**
 * Seconds of the processor for which an examination makes the interval no longer: with 30 s, the default, it is two thirds of a percent
 * that they take, or they come more seldom, and with all else that an agent does at rest it stays below one. That there is something to find, events tell in most cases.
 */
const CHEAP = 0.2;
/** Milliseconds: what is longer, Node takes for 1. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** How many times longer the interval is for an examination that has used so many seconds of the processor. */
export const stretchOf = (used: number): number => Math.max(1, used / CHEAP);

/** When the host is examined without being asked: by time, when the kernel tells of changes, and after commits. */
export class AuditSchedule {
  #soon: NodeJS.Timeout | undefined;
  /** When that is due, of performance.now(). */
  #due = Number.POSITIVE_INFINITY;
  #regular: NodeJS.Timeout | undefined;
  #restUntil = 0;
  #shortRestUntil = 0;
  /** By how much the interval is longer than was asked for. */
  #stretch = 1;
  #isStopped = false;

  constructor(private readonly needs: AuditScheduleNeeds) {}

  /** Begins with an examination. */
  start(): void {
    this.soon();
    this.settingsChanged();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#soon);
    clearTimeout(this.#regular);
  }

  /** Something changed: one examination follows, however much changes before it begins. */
  soon(delay = DEBOUNCE): void {
    this.#arm(delay, this.#restUntil);
  }

  /** The same where a machine may have come, which is held until it has been found. */
  urgently(): void {
    this.#arm(DEBOUNCE, this.#shortRestUntil);
  }

  #arm(delay: number, notBefore: number): void {
    const now = performance.now();
    const due = Math.max(now + delay, notBefore);
    if (this.#isStopped || due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => {
      this.#due = Number.POSITIVE_INFINITY;
      void this.#examine();
    }, due - now);
  }

  /** The interval may be another one now. */
  settingsChanged(): void {
    clearTimeout(this.#regular);
    const seconds = this.needs.interval();
    if (this.#isStopped || seconds === 0) return;
    this.#regular = setTimeout(
      () => {
        const before = processorTime();
        void this.needs.audit('round').then(() => {
          this.#stretch = stretchOf(processorTime() - before);
          this.settingsChanged();
        });
      },
      Math.min(seconds * 1000 * this.#stretch, LONGEST_TIMER),
    );
  }

  /** An examination is done: those that wait for their machines get another one. */
  audited(): void {
    const waitingFor = this.needs.waitingFor();
    if (waitingFor === undefined || waitingFor > PATIENCE) return;
    this.soon(Math.min(LAST_STEP, Math.max(FIRST_STEP, waitingFor / 2)));
  }

  async #examine(): Promise<void> {
    const began = performance.now();
    await this.needs.audit('change');
    const now = performance.now();
    this.#restUntil = now + Math.min(LONGEST_PAUSE, PAUSE_FACTOR * (now - began));
    this.#shortRestUntil = now + Math.min(LONGEST_PAUSE, now - began);
  }
}
