import type { RealEnvironment } from '../model/real-environment.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import type { Graph } from './graph.js';
import { hostsGraph } from './hosts-graph.js';
import { sitesGraph } from './sites-graph.js';

/** What is wanted with the hosts that it is on; without a virtual environment, what is there. */
export function environmentGraph(real: RealEnvironment, virtual?: VirtualEnvironment): Graph {
  return virtual === undefined ? hostsGraph(real) : sitesGraph(real, virtual);
}
