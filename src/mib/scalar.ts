import type { Syntax } from './syntax.js';
import type { Oid } from './value.js';

/** A scalar object; its one instance is object.0 (RFC 2578 section 7.1). */
export interface Scalar<T> {
  readonly oid: Oid;
  readonly syntax: Syntax<T>;
  readonly access: 'read-only' | 'read-write';
}

/** The scalars of one group by the last word of their names: `owner` is netemuCfgOwner. */
export interface ScalarGroup<S> {
  /** The prefix of the names in the MIB, such as `netemuCfg`. */
  readonly name: string;
  readonly oid: Oid;
  readonly scalars: S;
}

// `any` here is what lets inference find each scalar's own type.
/* eslint-disable @typescript-eslint/no-explicit-any */
export type ScalarDefinitions = Readonly<Record<string, Scalar<any>>>;
export type ScalarsOf<S> = { readonly [K in keyof S]: S[K] extends Scalar<infer T> ? T : never };
/* eslint-enable @typescript-eslint/no-explicit-any */

/** What makes the scalars of one group, each by the last sub-identifier of its OID. */
export interface ScalarMakers {
  readonly readOnly: <T>(id: number, syntax: Syntax<T>) => Scalar<T>;
  readonly readWrite: <T>(id: number, syntax: Syntax<T>) => Scalar<T>;
}

export function scalarsBelow(group: Oid): ScalarMakers {
  return {
    readOnly: (id, syntax) => ({ oid: [...group, id], syntax, access: 'read-only' }),
    readWrite: (id, syntax) => ({ oid: [...group, id], syntax, access: 'read-write' }),
  };
}

/** The OID of a scalar's instance. */
export function instanceOf(scalar: { readonly oid: Oid }): Oid {
  return [...scalar.oid, 0];
}
