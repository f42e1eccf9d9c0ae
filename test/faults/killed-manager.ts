import { setTimeout as delay } from 'node:timers/promises';

// `netmgr apply REAL VIRTUAL`, but mortal: it counts its steps, which are the SNMP requests that it sends and what it
// does with files, and ends itself with SIGKILL, or what SIGNAL says: before the step AT, or as many milliseconds later
// as AFTER says, when a request is on its way. Without them it goes to its end, and prints its steps. AT may be
// `decision` too: before the step that takes it, when all hosts have committed; or `decided`: before the first
// request after that, when no host knows of it yet. Its sessions end SECONDS after
// its last request, and its commits are taken back after CONFIRM_TIMEOUT seconds; both are short where it is to be killed, so
// that a test need not wait long for what it leaves.

const built = new URL('../../dist/index.js', import.meta.url).href;
const { ApplyError, Manager } = (await import(built)) as typeof import('../../src/index.js');

const [real = '', virtual = '', at = '0', after = '', signal = 'SIGKILL', ...times] = process.argv.slice(2);
const isMortal = signal === 'SIGKILL' || times.length > 0;
const [ownerTimeout = '2', confirmTimeout = '6'] = times;
const steps: string[] = [];

function die(): void {
  process.kill(process.pid, signal);
}

function step(what: string): void {
  const isDecided = what.startsWith('get') && steps.at(-1)?.startsWith('sync the directory') === true;
  steps.push(what);
  if (at === 'decided' ? !isDecided : steps.length !== Number(at)) return;
  if (after === '') die();
  else void delay(Number(after)).then(die);
}

const manager = await Manager.load(real, virtual, {
  ...(isMortal ? { confirmTimeout: Number(confirmTimeout), ownerTimeout: Number(ownerTimeout) } : {}),
  onRequest: (host, request) => step(`${request} to ${host}`),
  onFileStep: (what) => {
    if (at === 'decision' && what.startsWith('rename')) die();
    step(what);
  },
});
await manager.apply().catch((error: unknown) => {
  const failures: unknown[] = error instanceof ApplyError ? error.errors : [error];
  for (const failure of failures) process.stderr.write(`${String(failure)}\n`);
  process.exit(1);
});
process.stdout.write(`${JSON.stringify(steps)}\n`);
