import { NETEMU_PROBE } from './objects.js';
import { scalarsBelow } from './scalar.js';
import { unsigned } from './syntax.js';

const { readWrite } = scalarsBelow(NETEMU_PROBE);

/** netemuProbe: begins what netemuProbeTable asks for. */
export const probeScalars = {
  name: 'netemuProbe',
  oid: NETEMU_PROBE,
  scalars: {
    /** The run to begin; read: the one begun last, 0 for none. */
    start: readWrite(1, unsigned()),
  },
} as const;
