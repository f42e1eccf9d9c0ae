import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { DetailsView } from '../wire/details-view.js';
import type { NetworkMap } from '../wire/network-map.js';
import type { NetworkView } from '../wire/network-view.js';
import { EventClient, eventText } from './event-client.js';
import { Guard } from './guard.js';
import { isKnownHost } from './is-known-host.js';
import type { PageFile } from './page-files.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** Clients that watch at once; a browser has one for each tab. */
const MOST_CLIENTS = 100;

const HEALTH = '/healthz';

/** What the server tells of. */
export interface WebSource {
  readonly map: NetworkMap;
  /** Undefined until there is something to see. */
  readonly view: NetworkView | undefined;
  details(id: string): DetailsView | undefined;
  /** Whether the network is being watched. */
  readonly isAlive: boolean;
}

export interface WebServerOptions {
  /** What a browser has to show; undefined: nothing. */
  readonly token: string | undefined;
  /** Names of this server that are neither addresses nor `localhost`. */
  readonly names: readonly string[];
  readonly page: readonly PageFile[];
}

/** Serves the page and what it shows. It can only be read. */
export class WebServer {
  readonly #server: FastifyInstance = fastify({ logger: false, forceCloseConnections: true });
  readonly #clients = new Set<EventClient>();
  readonly #guard: Guard;

  constructor(
    private readonly source: WebSource,
    private readonly options: WebServerOptions,
  ) {
    this.#guard = new Guard(options.token);
    this.#server.addHook('onRequest', (request, reply, done) => {
      void reply.headers(SECURITY_HEADERS);
      if (this.#admits(request, reply)) done();
    });
    this.#server.setNotFoundHandler((_request, reply) => refuse(reply, 404, 'there is no such page'));
    this.#server.setErrorHandler((_error, _request, reply) => refuse(reply, 500, 'that failed'));
    this.#routes();
  }

  /** @returns the port @throws Error as of node:net if it cannot listen there */
  async listen(host: string, port: number): Promise<number> {
    await this.#server.listen({ host, port });
    const address = this.#server.server.address();
    return typeof address === 'object' ? (address?.port ?? port) : port;
  }

  /** Has all clients see a state. */
  tell(view: NetworkView): void {
    if (this.#clients.size === 0) return;
    const text = eventText('view', JSON.stringify(view));
    for (const client of this.#clients) client.send(text);
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await this.#server.close();
  }

  #admits(request: FastifyRequest, reply: FastifyReply): boolean {
    if (request.method !== 'GET') {
      void reply.header('allow', 'GET');
      return refuse(reply, 405, 'this can only be read');
    }
    if (!isKnownHost(request.headers.host, this.options.names)) {
      return refuse(reply, 421, 'this server is not known by that name: netmgr serve --host-name');
    }
    // Whether it is there may be asked by whoever reaches it; it says nothing else.
    if (request.routeOptions.url === HEALTH) return true;
    const { token } = request.query as { token?: string | string[] };
    const { authorization, cookie } = request.headers;
    switch (this.#guard.judge({ authorization, cookie, token: token?.toString() })) {
      case 'pass':
        return true;
      case 'enter':
        void reply.header('set-cookie', this.#guard.cookie(request.socket.localPort ?? 0)).redirect('/', 303);
        return false;
      case 'refuse':
        void reply.header('www-authenticate', 'Bearer realm="netmgr"');
        return refuse(reply, 401, 'open this page with ?token= and the token of netmgr serve');
    }
  }

  #routes(): void {
    for (const { path, type, contents } of this.options.page) {
      this.#server.get(path, (_request, reply) => reply.type(type).send(contents));
    }
    this.#server.get(HEALTH, (_request, reply) => {
      const { isAlive } = this.source;
      void reply.code(isAlive ? 200 : 503).send({ ok: isAlive });
    });
    this.#server.get('/api/state', (_request, reply) => {
      const { map, view } = this.source;
      void reply.send({ map, view: view ?? null });
    });
    this.#server.get<{ Querystring: { of?: string | string[] } }>('/api/details', ({ query }, reply) => {
      const details = typeof query.of === 'string' ? this.source.details(query.of) : undefined;
      if (details === undefined) refuse(reply, 404, 'there is no such thing');
      else void reply.send(details);
    });
    this.#server.get('/api/events', (_request, reply) => this.#stream(reply));
  }

  /** The map at once, and then each state. */
  #stream(reply: FastifyReply): void {
    if (this.#clients.size >= MOST_CLIENTS) {
      refuse(reply, 503, 'too many browsers watch already');
      return;
    }
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream' });
    const client = new EventClient(raw);
    const { map, view } = this.source;
    raw.write(eventText('map', JSON.stringify(map)));
    if (view !== undefined) client.send(eventText('view', JSON.stringify(view)));
    this.#clients.add(client);
    raw.on('error', () => undefined).on('close', () => this.#clients.delete(client));
  }
}

/** @returns false: whatever was asked for is not done */
function refuse(reply: FastifyReply, code: number, message: string): false {
  void reply.code(code).type('application/json; charset=utf-8').send({ ok: false, message });
  return false;
}
