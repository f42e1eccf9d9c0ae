import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentProcess, type Memory } from './agent-process.js';
import { REST } from './rest.js';

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
  /** How many times it was at work meanwhile. */
  readonly examinations: number;
}

/** Share of a processor above which an agent is at work in a second: it examines its host. */
const BUSY = 0.05;
/** Seconds for which it is watched: several examinations. */
const WATCHED = 180;

const [, , output = ''] = process.argv;
const agent = AgentProcess.find();

/** Seconds of the processor used in the next second. */
async function second(): Promise<number> {
  const before = agent.processorTime;
  await sleep(1000);
  return agent.processorTime - before;
}

await sleep(REST * 1000);
const { memory } = agent;
const before = { agent: agent.processorTime, companions: agent.companionsTime };
const begun = performance.now();
let examinations = 0;
let isBusy = false;
for (let n = 0; n < WATCHED; n++) {
  const wasBusy = isBusy;
  isBusy = (await second()) > BUSY;
  if (isBusy && !wasBusy) examinations++;
}
const seconds = (performance.now() - begun) / 1000;
const report: IdleReport = {
  memory,
  agent: (agent.processorTime - before.agent) / seconds,
  companions: (agent.companionsTime - before.companions) / seconds,
  seconds,
  examinations,
};
writeFileSync(output, JSON.stringify(report));
