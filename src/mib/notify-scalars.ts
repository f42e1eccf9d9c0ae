import { NETEMU_NOTIFY_CONTROL } from './objects.js';
import { scalarsBelow } from './scalar.js';
import { truthValue, unsigned } from './syntax.js';

const { readWrite } = scalarsBelow(NETEMU_NOTIFY_CONTROL);

/** netemuNotifyControl: whether and how often the agent notifies. */
export const notifyScalars = {
  name: 'netemuNotify',
  oid: NETEMU_NOTIFY_CONTROL,
  scalars: {
    enable: readWrite(1, truthValue),
    /** Seconds between two notifications of drift; 0: no limit. */
    minInterval: readWrite(2, unsigned(0, 3600)),
  },
} as const;
