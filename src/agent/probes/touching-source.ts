import { oidSuffix } from '../../mib/oid.js';
import type { Oid, SnmpValue, VarBind } from '../../mib/value.js';
import type { NoValue, ObjectSource } from '../tables/object-source.js';

/** A table whose first index part is a run: whoever reads a row is interested in the run. */
export class TouchingSource implements ObjectSource {
  readonly prefix: Oid;

  /** @param touch hears of the run of each instance that is read */
  constructor(
    private readonly table: ObjectSource,
    private readonly touch: (run: number) => void,
  ) {
    this.prefix = table.prefix;
  }

  get(oid: Oid): SnmpValue | NoValue {
    this.#touch(oid);
    return this.table.get(oid);
  }

  next(oid: Oid, include: boolean): VarBind | undefined {
    const found = this.table.next(oid, include);
    // A source is asked for what follows it too, and what it says may be left aside.
    if (found !== undefined && oidSuffix(oid, this.prefix) !== undefined) this.#touch(found.oid);
    return found;
  }

  #touch(oid: Oid): void {
    const [, run] = oidSuffix(oid, this.prefix) ?? [];
    if (run !== undefined) this.touch(run);
  }
}
