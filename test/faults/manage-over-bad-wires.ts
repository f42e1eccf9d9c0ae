import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { badWire, seededRandom } from './bad-wire.js';

// `netmgr apply REAL VIRTUAL`, with wires that lose, double and reorder a part of the messages: REAL VIRTUAL SEED.

const built = <T>(path: string): Promise<T> =>
  import(new URL(`../../dist/${path}`, import.meta.url).href) as Promise<T>;
const { Manager } = await built<typeof import('../../src/index.js')>('index.js');
const { failuresOf } = await built<typeof import('../../src/errors.js')>('errors.js');

const [real = '', virtual = '', seed = '1'] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const badness = { loss: 0.2, duplication: 0.2, delay: 150 };
const { hosts } = (await Manager.load(real)).real;
const wires = await Promise.all(
  hosts.map(({ address, agent }, i) =>
    badWire(`127.0.0.${String(i + 1)}`, { address: address.toString(), port: agent.port }, badness, random),
  ),
);
const directory = await mkdtemp(join(tmpdir(), 'netmgr-bad-wires-'));
try {
  const path = join(directory, 'real.xml');
  let text = await readFile(real, 'utf8');
  hosts.forEach(({ name }, i) => {
    const { address, port } = wires[i] ?? { address: '', port: 0 };
    text = text
      .replace(new RegExp(`(<host name="${name}"[^>]*address=)"[^"]*"`), `$1"${address}"`)
      .replace(new RegExp(`(<host name="${name}"[^]*?<agent[^>]*port=)"[^"]*"`), `$1"${String(port)}"`);
  });
  await writeFile(path, text);
  // Less patient than usual, so that a test need not be: the wires are short.
  const manager = await Manager.load(path, virtual, { timeout: 250, retries: 7 });
  const errors = await manager.apply().then(
    () => [],
    (error: unknown) => failuresOf(error).map((failure) => failure.toJSON()),
  );
  process.stdout.write(JSON.stringify({ errors, counts: wires.map(({ counts }) => counts) }));
} finally {
  for (const wire of wires) wire.close();
  await rm(directory, { recursive: true });
}
