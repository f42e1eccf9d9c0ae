import type { Bench } from './bench.js';
import { agent } from './benches/agent.js';
import { apply } from './benches/apply.js';
import { change } from './benches/change.js';
import { dataPath } from './benches/data-path.js';
import { hosts } from './benches/hosts.js';
import { manager } from './benches/manager.js';
import { peers } from './benches/peers.js';

/** All that `npm run bench` measures, in this order. */
export const BENCHES: readonly Bench[] = [apply, change, hosts, manager, peers, agent, dataPath];
