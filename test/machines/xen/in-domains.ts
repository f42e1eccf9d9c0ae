import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import type { CommandOutput } from '../../../src/process/run.js';

/** A command inside a domain, or why it could not be run there. */
export type InDomain = Partial<CommandOutput> & { readonly message?: string; readonly hint?: string };

/** Has the server in dom0 (in-domains.mjs) run a command inside a domain, over a connection of its own. */
export function askInDomain(port: number, name: string, argv: readonly string[]): Promise<InDomain> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error(`dom0 does not answer for ${name}`));
    });
    const lines = createInterface({ input: socket });
    // It repeats those of the socket.
    lines.on('error', reject);
    lines.once('line', (line) => {
      resolve(JSON.parse(line) as InDomain);
      socket.destroy();
    });
    socket.write(`${JSON.stringify({ name, argv })}\n`);
  });
}
