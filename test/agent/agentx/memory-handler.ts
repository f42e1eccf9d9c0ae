import type { PreparedSet, SetRefusal, SubagentHandler } from '../../../src/agent/agentx/subagent-handler.js';
import { compareOids, oidText } from '../../../src/mib/oid.js';
import type { Oid, SnmpValue, VarBind } from '../../../src/mib/value.js';

/**
 * Instances in memory. A SET needs an existing instance of the same type; the test decides what commit and
 * undo do beyond that. Every call is told in `calls`.
 */
export class MemoryHandler implements SubagentHandler {
  readonly calls: string[] = [];
  /** Text of the OID whose commit throws, after what stands before it in the PDU was done. */
  failsAt: string | undefined;
  /** Text of the OID whose reading throws. */
  throwsAt: string | undefined;
  #rows: VarBind[] = [];

  put(oid: Oid, value: SnmpValue): void {
    this.#rows = [...this.#rows.filter((row) => compareOids(row.oid, oid) !== 0), { oid, value }].sort(
      (a, b) => compareOids(a.oid, b.oid),
    );
  }

  putAll(rows: readonly VarBind[]): void {
    this.#rows = [...rows].sort((a, b) => compareOids(a.oid, b.oid));
  }

  valueOf(oid: Oid): SnmpValue | undefined {
    return this.#rows.find((row) => compareOids(row.oid, oid) === 0)?.value;
  }

  begin(): Promise<void> {
    this.calls.push('begin');
    return Promise.resolve();
  }

  get(oid: Oid): SnmpValue | 'noSuchInstance' {
    this.#maybeThrow(oid);
    return this.valueOf(oid) ?? 'noSuchInstance';
  }

  async next(oid: Oid, include: boolean, end: Oid): Promise<VarBind | undefined> {
    this.#maybeThrow(oid);
    await Promise.resolve();
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compareOids(this.#rows[middle]?.oid ?? [], oid);
      if (order > 0 || (include && order === 0)) high = middle;
      else low = middle + 1;
    }
    const found = this.#rows[low];
    return found === undefined || (end.length > 0 && compareOids(found.oid, end) >= 0) ? undefined : found;
  }

  test(varBinds: readonly VarBind[]): SetRefusal | PreparedSet {
    this.calls.push(`test ${String(varBinds.length)}`);
    for (const [i, { oid, value }] of varBinds.entries()) {
      const old = this.valueOf(oid);
      if (old === undefined) return { status: 'noCreation', index: i + 1 };
      if (old.type !== value.type) return { status: 'wrongType', index: i + 1 };
    }
    const old: VarBind[] = [];
    return {
      commit: () => {
        this.calls.push('commit');
        for (const { oid, value } of varBinds) {
          if (oidText(oid) === this.failsAt) throw new Error('the commit failed');
          const before = this.valueOf(oid);
          if (before !== undefined) old.unshift({ oid, value: before });
          this.put(oid, value);
        }
      },
      undo: () => {
        this.calls.push('undo');
        for (const { oid, value } of old) this.put(oid, value);
      },
      cleanup: () => {
        this.calls.push('cleanup');
      },
    };
  }

  #maybeThrow(oid: Oid): void {
    if (oidText(oid) === this.throwsAt) throw new Error('the reading failed');
  }
}
