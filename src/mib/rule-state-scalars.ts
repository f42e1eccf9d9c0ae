import { NETEMU_STATE } from './objects.js';
import { scalarsBelow } from './scalar.js';
import { timeStamp } from './syntax.js';

const { readOnly } = scalarsBelow(NETEMU_STATE);

const time = readOnly(13, timeStamp);

/** netemuRuleStateTime, by itself: it is read from the kernel with the table, and the scalars beside it are not. */
export const ruleStateScalars = {
  name: 'netemuRuleState',
  oid: time.oid,
  scalars: { time },
} as const;
