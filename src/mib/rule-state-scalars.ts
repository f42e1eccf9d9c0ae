import { NETEMU_STATE } from './objects.js';
import { scalarsBelow } from './scalar.js';
import { counter64, timeStamp } from './syntax.js';

const { readOnly } = scalarsBelow(NETEMU_STATE);

const drops = readOnly(4, counter64);

/** netemuPolicyDrops: the packets that the policies of sites dropped; it is read with the rules. */
export const policyScalars = {
  name: 'netemuPolicy',
  oid: drops.oid,
  scalars: { drops },
} as const;

const time = readOnly(13, timeStamp);

/** netemuRuleStateTime, by itself: it is read from the kernel with the table, and the scalars beside it are not. */
export const ruleStateScalars = {
  name: 'netemuRuleState',
  oid: time.oid,
  scalars: { time },
} as const;
