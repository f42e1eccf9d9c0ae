import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentProcess, type Memory } from './agent-process.js';

// What an agent uses while nobody asks it for anything, in a lab: `idle OUTPUT-FILE`.

/** What is written of it. */
export interface IdleReport {
  /** Of the agent, when it had come to rest. */
  readonly memory: Memory;
  /** Shares of one processor. */
  readonly agent: number;
  readonly companions: number;
  /** Seconds for which it was watched. */
  readonly seconds: number;
  /** How many times it examined its host meanwhile. */
  readonly examinations: number;
}

/** Share of a processor above which an agent is at work in a second. */
const BUSY = 0.1;
/** Seconds of the processor that an examination takes at least, of so many links; clearing memory up takes less. */
const EXAMINATION = 1;
/** Seconds without work after which it rests, and has given memory back. */
const REST = 12;
/**
 * Seconds. What a host is examined by comes the more seldom the more it takes, and only from the end of one examination to
 * the end of another is the share what it is for good.
 */
const [SHORTEST, LONGEST] = [60, 900];

const [, , output = ''] = process.argv;
const agent = AgentProcess.find();

/** Seconds of the processor used in the next second. */
async function second(): Promise<number> {
  const before = agent.processorTime;
  await sleep(1000);
  return agent.processorTime - before;
}

/** Fulfils when the agent rests. @returns seconds of the processor until then */
async function rested(): Promise<number> {
  const before = agent.processorTime;
  for (let quiet = 0; quiet < REST;) quiet = (await second()) < BUSY ? quiet + 1 : 0;
  return agent.processorTime - before;
}

await rested();
const { memory } = agent;
// The first regular examination after a commit comes when it would have come without.
let isFirst = true;
let begun = performance.now();
let before = { agent: agent.processorTime, companions: agent.companionsTime };
let examinations = 0;
const passed = (): number => (performance.now() - begun) / 1000;
while (passed() < LONGEST && (examinations === 0 || passed() < SHORTEST)) {
  if ((await second()) < BUSY) continue;
  // The second that told of it is not in it, and does not make the difference.
  if ((await rested()) < EXAMINATION) continue;
  if (isFirst) {
    begun = performance.now();
    before = { agent: agent.processorTime, companions: agent.companionsTime };
    isFirst = false;
  } else examinations++;
}
const seconds = passed();
const report: IdleReport = {
  memory,
  agent: (agent.processorTime - before.agent) / seconds,
  companions: (agent.companionsTime - before.companions) / seconds,
  seconds,
  examinations,
};
writeFileSync(output, JSON.stringify(report));
