// Runs commands inside domains, as an agent in dom0 does: node in-domains.mjs PORT. Takes a line of JSON at a time over TCP,
// `{"name": …, "argv": […]}`, and answers each with one, of what came of it, or of `message` and `hint`. Says when it is ready.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { XenMachines } from '../../../../src/agent/machines/xen/xen-machines.js';
import { NetmgrError } from '../../../../src/errors.js';
import { run } from '../../../../src/process/run.js';

const machines = new XenMachines(run);
const accept = Array.from({ length: 256 }, (_, code) => code);

async function answer(line: string): Promise<unknown> {
  try {
    const { name, argv } = JSON.parse(line) as { name: string; argv: [string, ...string[]] };
    return await machines.inside(name)(argv, { accept });
  } catch (error) {
    if (error instanceof NetmgrError) return { message: error.message, hint: error.hint };
    return { message: String(error) };
  }
}

createServer((socket) => {
  socket.on('error', () => undefined);
  createInterface({ input: socket }).on('line', (line) => {
    void answer(line).then((outcome) => socket.write(`${JSON.stringify(outcome)}\n`));
  });
}).listen(Number(process.argv[2]), () => {
  process.stdout.write('ready\n');
});
