import { NETEMU_STATE } from './objects.js';
import type { Scalar, ScalarsOf } from './scalar.js';
import { counter32, timeStamp, unsigned, type Syntax } from './syntax.js';

const readOnly = <T>(id: number, syntax: Syntax<T>): Scalar<T> => ({
  oid: [...NETEMU_STATE, id],
  syntax,
  access: 'read-only',
});

/** netemuSummary: the state of the host in a few numbers. */
export const summaryScalars = {
  name: 'netemuSummary',
  oid: NETEMU_STATE,
  scalars: {
    vifs: readOnly(5, unsigned()),
    vifsApplied: readOnly(6, unsigned()),
    links: readOnly(7, unsigned()),
    linksApplied: readOnly(8, unsigned()),
    applyFailures: readOnly(9, counter32),
    statsTime: readOnly(10, timeStamp),
  },
} as const;

export type SummaryScalars = ScalarsOf<typeof summaryScalars.scalars>;
