import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { Ran } from '../integration/order.js';
import type { LiveLab } from '../integration/live-lab.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
/** Inside the lab, whose loopback is its own. */
const PORT = 8080;

/**
 * `netmgr serve` inside a lab, where it reaches the agents, and a port outside that leads to it, for a browser that is not
 * there: streams cross by a socket in the lab's directory, which is seen from both sides.
 */
export class ServedLab {
  #running: Promise<Ran> | undefined;
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly lab: LiveLab,
    private readonly files: readonly [string, string],
    private readonly server: Server,
  ) {
    // It ends with the lab.
    void lab
      .try(['socat', `UNIX-LISTEN:${this.#path},fork`, `TCP:127.0.0.1:${String(PORT)}`])
      .catch(() => undefined);
    server.on('connection', (outer) => {
      const inner = connect(this.#path);
      for (const socket of [outer, inner]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
      }
      outer.on('close', () => inner.destroy());
      inner.on('close', () => outer.destroy());
      outer.pipe(inner).pipe(outer);
    });
  }

  /** @param files the real and the virtual one */
  static async start(lab: LiveLab, files: readonly [string, string]): Promise<ServedLab> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const served = new ServedLab(lab, files, server);
    await served.serve();
    return served;
  }

  /** Where the page is, outside. */
  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/`;
  }

  /** Starts `netmgr serve`; fulfils when it answers. */
  async serve(): Promise<void> {
    // The shell's process becomes netmgr.
    const script = 'echo $$ > "$1"; shift; exec "$@"';
    const listen = ['--listen', `127.0.0.1:${String(PORT)}`, '--json'];
    this.#running = this.lab.try([
      ...(['sh', '-c', script, 'sh', this.#pidFile] as const),
      ...[process.execPath, MAIN, 'serve', ...this.files, ...listen],
    ]);
    for (;;) {
      const answer = await fetch(`${this.url}healthz`).catch(() => undefined);
      if (answer?.ok === true) return;
      const ended = await Promise.race([this.#running, delay(100)]);
      if (ended !== undefined) throw new Error(`netmgr serve ended: ${ended.stderr}${ended.stdout}`);
    }
  }

  /** Has `netmgr serve` end as a user does, and answers with how it did. */
  async interrupt(): Promise<Ran> {
    if (this.#running === undefined) throw new Error('netmgr serve does not run');
    await this.lab.run('kill', '-INT', (await this.lab.read(this.#pidFile)).trim());
    return this.#running;
  }

  /** Ends the way out of the lab; the lab itself is to be stopped next. */
  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
  }

  get #path(): string {
    return `${this.lab.directory}/web.sock`;
  }

  get #pidFile(): string {
    return `${this.lab.directory}/serve.pid`;
  }
}
