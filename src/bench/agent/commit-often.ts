import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Manager } from '../../manager/manager.js';
import { writeVirtual, type NetworkSize } from '../network/environment.js';
import { AgentProcess } from './agent-process.js';
import { REST, type NotedMemory } from './rest.js';

// Commits one small change after the other, in a lab: `commit-often REAL-FILE VIFS LINKS COMMITS OUTPUT-FILE`.

/** The memory is noted after the first so many commits, and then each time after so many more. */
const [FIRST, EVERY] = [100, 300];

const [, , real = '', vifs, links, commits, output = ''] = process.argv;
const size: NetworkSize = { vifs: Number(vifs), links: Number(links) };
const virtual = join(dirname(output), 'often.xml');
const agent = AgentProcess.find();
const noted: NotedMemory[] = [];
for (let commit = 1; commit <= Number(commits); commit++) {
  // One link is another than usual, and the one before is as usual again.
  const changed = commit % size.vifs;
  const link = Math.floor(commit / size.vifs) % size.links;
  await writeVirtual(virtual, size, (vif, place) => vif === changed && place === link);
  await (await Manager.load(real, virtual)).apply();
  if (commit % EVERY !== FIRST) continue;
  // In between a heap goes up and down by a third.
  await sleep(REST * 1000);
  noted.push({ commits: commit, resident: agent.memory.resident });
}
writeFileSync(output, JSON.stringify(noted));
