import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { processorTime } from './processor-time.js';

/** Milliseconds between looks. */
const INTERVAL = 5000;
/** Seconds of the processor between two looks above which the agent is at work: it does not wait for this then. */
const BUSY = 0.1;
/** Octets that the heap has to have grown by since it was last cleared up; the less of them, the more often that takes time. */
const WORTHWHILE = 16 * 2 ** 20;
/** As much as commits of many links leave. To move what lives together takes five times as long, so it is not done for less. */
const MUCH = 64 * 2 ** 20;
/** A flag of V8. */
export const COMPACT = '--compact-on-every-full-gc';
/** How often it is done again as long as V8 keeps room for what is new, which it does until it has seen for a while that there is little. */
const TIMES = 4;

/**
 * Gives the kernel back what a commit or an examination needed of memory, once the agent rests. V8 clears up when it needs
 * room, so that without this a host with many links would do without hundreds of megabytes until something happens again.
 *
 * @returns ends it
 */
export function giveBackMemory(): () => void {
  const { collect, compact } = collector();
  let used = processorTime();
  let left = getHeapStatistics().used_heap_size;
  let again = 0;
  const timer = setInterval(() => {
    const before = used;
    used = processorTime();
    const heap = getHeapStatistics();
    left = Math.min(left, heap.used_heap_size);
    const grown = heap.used_heap_size - left;
    if (heap.total_heap_size - heap.used_heap_size < WORTHWHILE) again = 0;
    if (used - before > BUSY || (grown < WORTHWHILE && again === 0)) return;
    again = grown < MUCH ? Math.max(0, again - 1) : TIMES;
    collect();
    // What buffers had is only known to be free once they are gone.
    if (again > 0) compact();
    // Of the processor's time, this shall not look like work.
    used = processorTime();
    left = getHeapStatistics().used_heap_size;
  }, INTERVAL).unref();
  return () => {
    clearInterval(timer);
  };
}

/** V8's own function, which a context that is made while the flag is set has. */
function collector(): { readonly collect: () => void; readonly compact: () => void } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return {
    collect,
    /** Gives back pages too of which little is used. */
    compact: () => {
      setFlagsFromString(COMPACT);
      collect();
      setFlagsFromString(COMPACT.replace('--', '--no-'));
    },
  };
}
