import type { Bench } from './bench.js';
import { apply } from './benches/apply.js';

/** All that `npm run bench` measures, in this order. */
export const BENCHES: readonly Bench[] = [apply];
