import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

// `netmgr apply REAL VIRTUAL` that kills the snmpd of HOST when it has sent its SET number AT to it, as many
// milliseconds later as AFTER says; 0: before. Prints the errors, and how many SETs the host was sent.

const built = <T>(path: string): Promise<T> =>
  import(new URL(`../../dist/${path}`, import.meta.url).href) as Promise<T>;
const { Manager } = await built<typeof import('../../src/index.js')>('index.js');
const { failuresOf } = await built<typeof import('../../src/errors.js')>('errors.js');

const [real = '', virtual = '', victim = '', at = '0', after = '0'] = process.argv.slice(2);
let sets = 0;
let killed = 0;
let death: Promise<void> | undefined;

function killSnmpd(): void {
  const text = readFileSync(`/run/netmgr-lab/agents/${victim}/snmpd/snmpd.pid`, 'utf8');
  killed = Number(text.trim().split(/\s+/)[0]);
  process.kill(killed, 'SIGKILL');
}

const manager = await Manager.load(real, virtual, {
  onRequest: (host, request) => {
    if (host !== victim || request !== 'set') return;
    sets++;
    if (sets !== Number(at)) return;
    if (after === '0') killSnmpd();
    else death = delay(Number(after)).then(killSnmpd);
  },
});
const errors = await manager.apply().then(
  () => [],
  (error: unknown) => failuresOf(error).map((failure) => failure.toJSON()),
);
// The last SET may be answered before that.
await death;
process.stdout.write(JSON.stringify({ errors, sets, killed }));
