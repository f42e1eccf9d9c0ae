import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Manager } from '../../manager/manager.js';
import { median } from '../../statistics/summary.js';
import { writeVirtual, type NetworkSize } from '../network/environment.js';
import { AgentProcess } from './agent-process.js';

// Commits one small change after the other, in a lab: `commit-often REAL-FILE VIFS LINKS COMMITS OUTPUT-FILE`.

/** After so many commits the memory is noted: as the median of the last of them, for a heap goes up and down. */
const EVERY = 100;
const LAST = 20;

const [, , real = '', vifs, links, commits, output = ''] = process.argv;
const size: NetworkSize = { vifs: Number(vifs), links: Number(links) };
const virtual = join(dirname(output), 'often.xml');
const agent = AgentProcess.find();
const noted: number[] = [];
let resident: number[] = [];
for (let commit = 1; commit <= Number(commits); commit++) {
  // One link is another than usual, and the one before is as usual again.
  const changed = commit % size.vifs;
  const link = Math.floor(commit / size.vifs) % size.links;
  await writeVirtual(virtual, size, (vif, place) => vif === changed && place === link);
  await (await Manager.load(real, virtual)).apply();
  resident = [...resident, agent.memory.resident].slice(-LAST);
  if (commit % EVERY === 0) noted.push(median(resident));
}
writeFileSync(output, JSON.stringify(noted));
