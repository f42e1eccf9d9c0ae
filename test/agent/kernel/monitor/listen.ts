import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { KernelMonitor } from '../../../../src/agent/kernel/monitor/kernel-monitor.js';
import { run } from '../../../../src/process/run.js';

// Runs in a namespace of its own: `listen` prints what a monitor has heard of what was done there, as JSON.

const heard: string[] = [];
let gaps = 0;
const monitor = new KernelMonitor({
  env: {},
  onEvent: ({ device }) => heard.push(device),
  onGap: () => gaps++,
  onTrouble: () => undefined,
});

const until = async (isDone: () => boolean): Promise<void> => {
  while (!isDone()) await sleep(2);
};

await until(() => monitor.isListening);
gaps = 0;
await run(['ip', 'link', 'add', 'one', 'type', 'veth']);
await until(() => heard.includes('one'));
// What comes with the new interface is not what is waited for.
await sleep(200);
heard.length = 0;
await run(['tc', 'qdisc', 'add', 'dev', 'one', 'root', 'pfifo']);
await until(() => heard.includes('one'));
const gapsBefore = gaps;

// An interface that was there before, and is called otherwise now.
await run(['ip', 'link', 'set', 'one', 'name', 'two']);
await until(() => gaps > 0 && monitor.isListening);
heard.length = 0;
await run(['tc', 'qdisc', 'replace', 'dev', 'two', 'root', 'bfifo']);
await until(() => heard.length > 0);
const heardOf = [...new Set(heard)];
gaps = 0;

const children = readFileSync(`/proc/self/task/${String(process.pid)}/children`, 'latin1')
  .trim()
  .split(' ');
const tc = children.find((pid) => readFileSync(`/proc/${pid}/comm`, 'latin1').trim() === 'tc');
process.kill(Number(tc), 'SIGKILL');
await until(() => gaps > 0);
const listensToOne = monitor.isListening;
await until(() => monitor.isListening);
await monitor.stop();
process.stdout.write(JSON.stringify({ gapsBefore, heardOf, listensToOne }));
