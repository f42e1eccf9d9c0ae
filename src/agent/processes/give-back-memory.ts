import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { processorTime } from './processor-time.js';

/** Milliseconds between looks. */
const INTERVAL = 5000;
/** Seconds of the processor between two looks above which the agent is at work: it does not wait for this then. */
const BUSY = 0.1;
/** Octets that the heap has to have grown by since it was last cleared up; the less of them, the more often that takes time. */
const WORTHWHILE = 16 * 2 ** 20;

/**
 * Gives the kernel back what a commit or an examination needed of memory, once the agent rests. V8 clears up when it needs
 * room, so that without this a host with many links would do without hundreds of megabytes until something happens again.
 *
 * @returns ends it
 */
export function giveBackMemory(): () => void {
  const collect = collector();
  let used = processorTime();
  let left = getHeapStatistics().used_heap_size;
  const timer = setInterval(() => {
    const before = used;
    used = processorTime();
    const heap = getHeapStatistics().used_heap_size;
    left = Math.min(left, heap);
    if (used - before > BUSY || heap - left < WORTHWHILE) return;
    // Of the processor's time, this shall not look like work.
    collect();
    used = processorTime();
    left = getHeapStatistics().used_heap_size;
  }, INTERVAL).unref();
  return () => {
    clearInterval(timer);
  };
}

/** V8's own function, which a context that is made while the flag is set has. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
