import type { Oid, SnmpValue, VarBind } from '../../mib/value.js';

/** Why there is no value (RFC 3416 section 4.2.1). */
export type NoValue = 'noSuchObject' | 'noSuchInstance';

/** Some objects of the MIB, for reading. Sources do not overlap. */
export interface ObjectSource {
  /** What all of this source's instances begin with. */
  readonly prefix: Oid;
  get(oid: Oid): SnmpValue | NoValue;
  /** The first instance after `oid`, or at it if `include`. */
  next(oid: Oid, include: boolean): VarBind | undefined;
}
