import { randomBytes } from 'node:crypto';
import { fetchFile, sendFile, serveCourier } from './courier.js';

// A courier in a machine: answers others, and carries out its own tasks, one after the other.
//   serve                          says `ready` when it listens
//   tasks COUNT OCTETS HOPS...     each HOPS are addresses with commas; the tasks take turns with them. Prints
//                                  [number, milliseconds there, milliseconds back, whether it was the same file]

async function doTasks(count: number, octets: number, ways: readonly string[]): Promise<void> {
  for (let number = 1; number <= count; number++) {
    const hops = ways[(number - 1) % ways.length]?.split(',') ?? [];
    const file = randomBytes(octets);
    const begun = performance.now();
    await sendFile(hops, file);
    const there = performance.now();
    const returned = await fetchFile(hops);
    const back = performance.now();
    process.stdout.write(`${JSON.stringify([number, there - begun, back - there, returned.equals(file)])}\n`);
  }
}

const [what, count, octets, ...ways] = process.argv.slice(2);
if (what === 'tasks') {
  await doTasks(Number(count), Number(octets), ways);
} else {
  await serveCourier();
  process.stdout.write('ready\n');
  // It ends with whoever started it.
  process.stdin.on('end', () => process.exit()).resume();
}
