import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

type Answer = (parameters: Record<string, unknown>) => unknown;

/** What stands for a guest agent where its mistakes are wanted: a socket that answers commands with what it is told. */
export class FakeAgent {
  readonly asked: { command: string; parameters: Record<string, unknown> }[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** @param answers by command: what is returned; a text is a line for itself, undefined is no answer */
  static async listen(path: string, answers: Record<string, Answer>): Promise<FakeAgent> {
    const server = createServer();
    const agent = new FakeAgent(server);
    server.on('connection', (socket) => {
      agent.#sockets.add(socket);
      let text = '';
      socket.on('data', (data: Buffer) => {
        const lines = (text + data.toString('latin1')).split('\n');
        text = lines.pop() ?? '';
        for (const line of lines) agent.#answer(socket, line, answers);
      });
      socket.on('error', () => undefined);
    });
    server.listen(path);
    await once(server, 'listening');
    return agent;
  }

  #answer(socket: Socket, line: string, answers: Record<string, Answer>): void {
    // As qemu-ga does: the octet is no JSON, and is answered as such.
    if (line.startsWith('\xff'))
      socket.write('{"error": {"class": "GenericError", "desc": "JSON parse error"}}\n');
    const { execute, arguments: parameters } = JSON.parse(line.replace('\xff', '')) as {
      execute: string;
      arguments: Record<string, unknown>;
    };
    this.asked.push({ command: execute, parameters });
    if (execute === 'guest-sync-delimited') {
      socket.write(Buffer.from([0xff]));
      socket.write(`${JSON.stringify({ return: parameters['id'] })}\n`);
      return;
    }
    const answer = answers[execute]?.(parameters);
    if (answer === undefined) return;
    socket.write(typeof answer === 'string' ? `${answer}\n` : `${JSON.stringify({ return: answer })}\n`);
  }

  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.hangUp();
    this.server.close();
    await once(this.server, 'close');
  }
}
