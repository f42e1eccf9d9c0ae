import { NETEMU_STATE } from './objects.js';
import { scalarsBelow, type ScalarsOf } from './scalar.js';
import { counter32, timeStamp, unsigned } from './syntax.js';

const { readOnly } = scalarsBelow(NETEMU_STATE);

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
