import { setTimeout as sleep } from 'node:timers/promises';
import { NetmgrError } from '../../errors.js';
import { compareOids, oidText } from '../../mib/oid.js';
import type { Oid, SnmpValue, VarBind } from '../../mib/value.js';
import type { PreparedSet, SetRefusal, SubagentHandler } from '../agentx/subagent-handler.js';
import type { NoValue, ObjectSource } from './object-source.js';
import type { SetWriter } from './set-router.js';
import type { Versions } from './versions.js';

/** Objects that are read anew before they are answered. */
export interface MeasuredObjects {
  readonly prefix: Oid;
  /** Called before objects below the prefix are read, so that they are never older than what the kernel says. */
  readonly refresh: () => Promise<void>;
  /** Of objects that are many: a walk sees them all as one reading found them. */
  readonly versions?: Versions;
}

/** Milliseconds for which a reading may hold an answer up: one that comes too late ends the session with snmpd (agentXTimeout). */
const LONGEST_WAIT = 10_000;

/** All of the agent's objects, as snmpd asks for them. */
export class MibView implements SubagentHandler {
  readonly #sources: readonly ObjectSource[];
  readonly #measured: readonly MeasuredObjects[];
  /** Those that are answered without a reading, and below which nothing else is. */
  readonly #plain: readonly ObjectSource[];

  constructor(
    sources: readonly ObjectSource[],
    private readonly writer: SetWriter,
    measured: readonly MeasuredObjects[],
  ) {
    this.#sources = [...sources].sort(byPrefix);
    this.#measured = [...measured].sort(byPrefix);
    this.#plain = this.#sources.filter(
      (source) =>
        this.#measuredAt(source.prefix) === undefined &&
        [...this.#sources, ...this.#measured].every(
          (other) => other === source || !isBelow(other.prefix, source.prefix),
        ),
    );
  }

  async get(oid: Oid): Promise<SnmpValue | NoValue> {
    const measured = this.#measuredAt(oid);
    await inTime(measured);
    measured?.versions?.showLatest();
    return longest(this.#sources, oid)?.get(oid) ?? 'noSuchObject';
  }

  async next(oid: Oid, include: boolean, end: Oid): Promise<VarBind | undefined> {
    // Within a table, as most steps of a walk are, no other source can have what comes next.
    const plain = longest(this.#plain, oid)?.next(oid, include);
    if (plain !== undefined) return end.length > 0 && compareOids(plain.oid, end) >= 0 ? undefined : plain;
    const measured = this.#measuredAt(oid);
    // Nothing may come between what is shown and what is found.
    const show = (): void => {
      if (measured?.versions?.showAt(oid) !== true) measured?.versions?.showLatest();
    };
    if (measured?.versions?.showAt(oid) !== true) await inTime(measured);
    show();
    let found = this.#first(oid, include);
    const entered = this.#enteredBy(oid, found?.oid ?? end).filter((one) => one !== measured);
    if (entered.length > 0) {
      for (const one of entered) await inTime(one);
      show();
      for (const one of entered) one.versions?.showLatest();
      found = this.#first(oid, include);
    }
    if (found === undefined || (end.length > 0 && compareOids(found.oid, end) >= 0)) return undefined;
    this.#measuredAt(found.oid)?.versions?.passed(found.oid);
    return found;
  }

  /**
   * What a walk comes to between an object and the one after it, as far as is known before these are read: they may have objects in
   * between.
   *
   * @param to empty: the end of all
   */
  #enteredBy(from: Oid, to: Oid): MeasuredObjects[] {
    const at = to.length === 0 ? undefined : this.#measuredAt(to);
    return this.#measured.filter(
      (one) =>
        one === at ||
        (compareOids(one.prefix, from) > 0 && (to.length === 0 || compareOids(one.prefix, to) <= 0)),
    );
  }

  #measuredAt(oid: Oid): MeasuredObjects | undefined {
    return longest(this.#measured, oid);
  }

  test(varBinds: readonly VarBind[]): PreparedSet | SetRefusal {
    return this.writer.test(varBinds);
  }

  #first(oid: Oid, include: boolean): VarBind | undefined {
    let first: VarBind | undefined;
    for (const source of this.#sources) {
      // Sorted by their prefixes: all that follow come later.
      if (first !== undefined && compareOids(source.prefix, first.oid) > 0) break;
      const found = source.next(oid, include);
      if (found !== undefined && (first === undefined || compareOids(found.oid, first.oid) < 0))
        first = found;
    }
    return first;
  }
}

const isBelow = (oid: Oid, prefix: Oid): boolean =>
  oid.length >= prefix.length && prefix.every((subid, i) => oid[i] === subid);

interface Prefixed {
  readonly prefix: Oid;
}

const byPrefix = (a: Prefixed, b: Prefixed): number => compareOids(a.prefix, b.prefix);

/** Of those that an object is below, the one with the longest prefix: a table may lie below a group of scalars. */
function longest<T extends Prefixed>(sorted: readonly T[], oid: Oid): T | undefined {
  return sorted.findLast(({ prefix }) => isBelow(oid, prefix));
}

/** @throws NetmgrError `Unreachable` if it takes too long; it goes on, for whoever asks again */
async function inTime(measured: MeasuredObjects | undefined): Promise<void> {
  if (measured === undefined) return;
  const end = new AbortController();
  const late = sleep(LONGEST_WAIT, true, { signal: end.signal }).catch(() => false);
  try {
    const isLate = await Promise.race([measured.refresh().then(() => false), late]);
    if (!isLate) return;
  } finally {
    end.abort();
  }
  throw new NetmgrError({
    kind: 'Unreachable',
    message: `the kernel takes longer than ${String(LONGEST_WAIT / 1000)} s to say what is below ${oidText(measured.prefix)}`,
    hint: 'Ask again: it is still being read.',
  });
}
