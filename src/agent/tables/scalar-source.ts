import { compareOids, oidSuffix, oidText } from '../../mib/oid.js';
import { instanceOf, type ScalarDefinitions, type ScalarGroup, type ScalarsOf } from '../../mib/scalar.js';
import type { Oid, SnmpValue, VarBind } from '../../mib/value.js';
import type { NoValue, ObjectSource } from './object-source.js';

/** A group of scalars, answered from the values `read` returns. */
export class ScalarSource<S extends ScalarDefinitions> implements ObjectSource {
  readonly prefix: Oid;
  readonly #instances: readonly { readonly oid: Oid; readonly read: () => SnmpValue }[];
  readonly #byOid: ReadonlyMap<string, () => SnmpValue>;

  constructor(group: ScalarGroup<S>, read: () => ScalarsOf<S>) {
    this.prefix = group.oid;
    this.#instances = Object.entries(group.scalars)
      .map(([key, scalar]) => ({
        oid: instanceOf(scalar),
        read: () => scalar.syntax.encode(read()[key]),
      }))
      .sort((a, b) => compareOids(a.oid, b.oid));
    this.#byOid = new Map(this.#instances.map((instance) => [oidText(instance.oid), instance.read]));
  }

  get(oid: Oid): SnmpValue | NoValue {
    const read = this.#byOid.get(oidText(oid));
    if (read !== undefined) return read();
    const known = this.#instances.some((instance) => oidSuffix(oid, instance.oid.slice(0, -1)) !== undefined);
    return known ? 'noSuchInstance' : 'noSuchObject';
  }

  next(oid: Oid, include: boolean): VarBind | undefined {
    const found = this.#instances.find((instance) => {
      const order = compareOids(instance.oid, oid);
      return order > 0 || (include && order === 0);
    });
    if (found === undefined) return undefined;
    return {
      oid: found.oid,
      // Of all sources one is the next: the others need not be read.
      get value() {
        return found.read();
      },
    };
  }
}
