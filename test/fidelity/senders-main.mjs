// Has each of the machines send an echo request every GAP milliseconds for SECONDS: senders-main.mjs TO GAP SECONDS MACHINE …
import { spawn } from 'node:child_process';

const [to, gap, seconds, ...machines] = process.argv.slice(2);
const count = Math.round((Number(seconds) * 1000) / Number(gap));
const ping = ['ping', '-q', '-c', String(count), '-i', String(Number(gap) / 1000), '-s', '1000', to];
const children = machines.map((machine) =>
  spawn('ip', ['netns', 'exec', machine, ...ping], { stdio: 'ignore' }),
);
await Promise.all(children.map((child) => new Promise((resolve) => child.on('close', resolve))));
