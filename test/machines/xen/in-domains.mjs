// Runs commands inside domains, as an agent in dom0 does: node in-domains.mjs DIST PORT. Takes a line of JSON at a time over TCP,
// `{"name": …, "argv": […]}`, and answers each with one, of what came of it, or of `message` and `hint`.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [, , dist, port] = process.argv;
const load = (path) => import(pathToFileURL(`${dist}/${path}`));
const { run } = await load('process/run.js');
const { XenMachines } = await load('agent/machines/xen/xen-machines.js');
const machines = new XenMachines(run);
const accept = Array.from({ length: 256 }, (_, code) => code);

async function answer(line) {
  try {
    const { name, argv } = JSON.parse(line);
    return await machines.inside(name)(argv, { accept });
  } catch ({ message, hint }) {
    return { message, hint };
  }
}

createServer((socket) => {
  socket.on('error', () => undefined);
  createInterface({ input: socket }).on('line', (line) => {
    void answer(line).then((outcome) => socket.write(`${JSON.stringify(outcome)}\n`));
  });
}).listen(Number(port));
