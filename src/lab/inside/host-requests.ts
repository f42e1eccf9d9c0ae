import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { failuresOf } from '../../errors.js';
import { readHostRequest, type HostAnswer, type HostRequest } from '../control/host-request.js';
import { LAB_DIRECTORY } from './directory.js';

/** Where the lab takes requests to its hosts' kernels: one JSON object per line, both ways. */
export const HOSTS_SOCKET = `${LAB_DIRECTORY}/hosts.sock`;

/** Passes on what the lab's command asks of hosts with kernels of their own, and the answers. */
export class HostRequests {
  private readonly clients = new Map<number, Socket>();
  private last = 0;

  private constructor(private readonly ask: (id: number, request: HostRequest) => void) {}

  static async listen(ask: (id: number, request: HostRequest) => void): Promise<HostRequests> {
    const requests = new HostRequests(ask);
    const server = createServer((socket) => requests.serve(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(HOSTS_SOCKET, resolve);
    });
    return requests;
  }

  answer(id: number, answer: HostAnswer): void {
    const client = this.clients.get(id);
    client?.write(`${JSON.stringify(answer)}\n`);
    if (answer.type === 'output') return;
    this.clients.delete(id);
    client?.end();
  }

  private serve(socket: Socket): void {
    const id = (this.last += 1);
    this.clients.set(id, socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.clients.delete(id)) this.ask(id, { type: 'cancel' });
    });
    createInterface({ input: socket }).on('line', (line) => this.take(id, line));
  }

  private take(id: number, line: string): void {
    try {
      this.ask(id, readHostRequest(line));
    } catch (error) {
      this.answer(id, { type: 'failed', errors: failuresOf(error).map((failure) => failure.toJSON()) });
    }
  }
}
