import { ifbName, SINK } from '../kernel/tc/ifb-name.js';
import type { TcDevice, TcState } from '../kernel/tc/model.js';

/** What an interface that is as it should be needs beside itself. */
export type Shape = Pick<TcDevice, 'vif' | 'tx' | 'copies'>;

/** A look at the host. */
export interface Look {
  /** When it began, by {@link Undisturbed.begin}. */
  readonly at: number;
  /** What the interfaces were compared with. */
  readonly wanted: string;
}

/** How many interfaces are remembered that something happened to. */
const MOST_REMEMBERED = 10_000;
/** Milliseconds after which all are looked at again, whatever the kernel has told: nobody shall rely on its words alone for ever. */
const LONGEST_TRUST = 600_000;
const NOTHING: ReadonlyMap<string, Shape> = new Map();

/** What hears all that the kernel tells. */
export interface Listener {
  readonly isListening: boolean;
  /** Is deaf to qdiscs, classes and filters for as long as something is done. */
  withoutTc<T>(work: () => Promise<T>): Promise<T>;
}

/** From so many qdiscs, classes and filters on, telling of them takes longer than to end a process and begin it again. */
const MANY = 2000;

/**
 * The interfaces that were found to be shaped as they should, and of which the kernel has told nothing since. They need not be looked at
 * again: the kernel tells of each change of an interface, and of its qdiscs, classes and filters. While nobody listens to it, none is known.
 */
export class Undisturbed {
  /** Who hears what the kernel tells; nobody, to begin with. */
  listener: Listener | undefined;
  readonly #shapes = new Map<string, Shape>();
  /** By the names of their IFBs, which the kernel tells of by themselves. */
  readonly #ofIfbs = new Map<string, string>();
  #wanted = '';
  /** Since when some are known, of performance.now(). */
  #since = 0;
  /** Counts what is told and who looks, to know what came before what. */
  #clock = 0;
  readonly #disturbedAt = new Map<string, number>();
  #allDisturbedAt = 0;

  /** Those that are as a configuration wants them. */
  known(wanted: string): ReadonlyMap<string, Shape> {
    if (performance.now() - this.#since > LONGEST_TRUST) this.#forget();
    return wanted === this.#wanted && this.listener?.isListening === true ? new Map(this.#shapes) : NOTHING;
  }

  /** Tells when a look at the host begins: before anything is read, its interfaces too. */
  begin(): number {
    // What began unheard stays unsure.
    return this.listener?.isListening === true ? ++this.#clock : Number.NEGATIVE_INFINITY;
  }

  /** A look has found these as they should be. */
  settle({ at, wanted }: Look, shapes: Iterable<Shape>): void {
    if (wanted !== this.#wanted) this.#forget();
    this.#wanted = wanted;
    if (this.#allDisturbedAt > at) return;
    for (const { vif, tx, copies } of shapes) {
      const ifb = ifbName(vif);
      if ([vif, ifb].some((name) => (this.#disturbedAt.get(name) ?? 0) > at)) continue;
      this.#shapes.set(vif, {
        vif,
        ...(tx === undefined ? {} : { tx }),
        ...(copies === true ? { copies } : {}),
      });
      this.#ofIfbs.set(ifb, vif);
    }
  }

  /** Writes what makes one state of tc another one. What is written is unknown from then on, also where it came to nothing. */
  async written<T>(from: TcState, to: TcState, work: () => Promise<T>): Promise<T> {
    const { listener } = this;
    try {
      return await (listener === undefined || newObjects(from, to) < MANY
        ? work()
        : listener.withoutTc(work));
    } finally {
      // Before the kernel's own word of it is heard.
      for (const device of [...from.keys(), ...to.keys()]) this.disturbed(device);
    }
  }

  /** The host was brought from one configuration to another; what that has changed is {@link disturbed}, and the rest is as both want it. */
  broughtTo(from: string, to: string): void {
    if (from !== this.#wanted) this.#forget();
    this.#wanted = to;
  }

  /** The kernel has told something of an interface. */
  disturbed(device: string): void {
    if (device === ifbName(SINK) || this.#disturbedAt.size >= MOST_REMEMBERED) this.allDisturbed();
    this.#disturbedAt.set(device, ++this.#clock);
    this.#shapes.delete(device);
    this.#shapes.delete(this.#ofIfbs.get(device) ?? '');
  }

  /** Something may have happened to any of them. */
  allDisturbed(): void {
    this.#allDisturbedAt = ++this.#clock;
    this.#disturbedAt.clear();
    this.#forget();
  }

  #forget(): void {
    this.#since = performance.now();
    this.#shapes.clear();
    this.#ofIfbs.clear();
  }
}

/** How many qdiscs, classes and filters come to interfaces that have nothing of ours. */
function newObjects(from: TcState, to: TcState): number {
  const fresh = [...to.values()].filter(({ vif }) => from.get(vif)?.root !== true);
  return fresh.reduce(
    (sum, { classes, qdiscs, filters }) => sum + classes.size + qdiscs.length + filters.length,
    0,
  );
}
