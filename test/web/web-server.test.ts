import { once } from 'node:events';
import { connect } from 'node:net';
import { request, type IncomingMessage } from 'node:http';
import { expect } from 'chai';
import type { NetworkView } from '../../src/web/wire/network-view.js';
import { WebServer, type WebSource } from '../../src/web/server/web-server.js';

const TOKEN = 'a-token-of-some-length';
const VIEW: NetworkView = {
  ...{ time: 1, interval: 1000, hosts: [], machines: [], pairs: [], problems: [], problemCount: 0 },
};
const PAGE = [{ path: '/', type: 'text/html; charset=utf-8', contents: Buffer.from('<!doctype html>') }];

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

describe('the web server', () => {
  let server: WebServer;
  let port: number;
  let isAlive: boolean;

  const source: WebSource = {
    map: { name: 'net', hasSites: false, groups: [], machines: [] },
    view: VIEW,
    get isAlive() {
      return isAlive;
    },
    details: (id) =>
      id === 'host:a'
        ? {
            ...{
              id,
              kind: 'host',
              title: 'a',
              health: 'good',
              words: [],
              values: [],
              problems: [],
              links: [],
            },
            ...{ linkCount: 0, history: { times: [], series: [] } },
          }
        : undefined,
  };

  const start = async (token?: string): Promise<void> => {
    isAlive = true;
    server = new WebServer(source, { token, names: ['nms.example'], page: PAGE });
    port = await server.listen('127.0.0.1', 0);
  };
  afterEach(() => server.close());

  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const asking = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        let body = '';
        response.on('data', (bytes: Buffer) => (body += bytes.toString()));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      });
      asking.on('error', reject).end();
    });

  it('serves the page, the state and details, and nothing else', async () => {
    await start();
    expect(await ask('/')).to.include({ status: 200, body: '<!doctype html>' });
    expect(JSON.parse((await ask('/api/state')).body)).to.deep.equal({ map: source.map, view: VIEW });
    expect(JSON.parse((await ask('/api/details?of=host%3Aa')).body)).to.include({ title: 'a' });
    for (const path of [
      '/api/details?of=host:b',
      '/api/details',
      '/api/details?of=a&of=b',
      '/etc/passwd',
      '/..%2f..%2fetc/passwd',
      '//evil.example',
    ]) {
      expect((await ask(path)).status, path).to.equal(404);
    }
  });

  it('forbids browsers all that the page does not need, on every answer', async () => {
    await start(TOKEN);
    const answers = [
      await ask('/', { authorization: `Bearer ${TOKEN}` }),
      await ask('/'),
      await ask('/healthz'),
    ];
    for (const { headers } of answers) {
      expect(headers['content-security-policy'])
        .to.contain("default-src 'none'")
        .and.contain("frame-ancestors 'none'")
        .and.not.contain('unsafe');
      expect(headers).to.include({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    }
  });

  it('can only be read', async () => {
    await start();
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) {
      expect((await ask('/api/state', {}, method)).status, method).to.equal(405);
    }
  });

  it('does not answer to a name that is not its own', async () => {
    await start();
    expect((await ask('/api/state', { host: 'evil.example' })).status).to.equal(421);
    expect((await ask('/api/state', { host: 'nms.example' })).status).to.equal(200);
  });

  it('lets in who has the token, which does not stay in the address', async () => {
    await start(TOKEN);
    for (const path of ['/', '/main.js', '/api/state', '/api/events', '/api/details?of=host:a', '/nothing']) {
      expect((await ask(path)).status, path).to.equal(401);
      expect((await ask(path, { authorization: 'Bearer a-token-of-other-length' })).status, path).to.equal(
        401,
      );
    }
    expect((await ask(`/?token=${TOKEN}x`)).status).to.equal(401);
    expect((await ask(`/?token=${TOKEN}&token=x`)).status).to.equal(401);
    const entered = await ask(`//evil.example/?token=${TOKEN}`);
    expect(entered).to.include({ status: 303 });
    expect(entered.headers.location).to.equal('/');
    const [cookie = ''] = (entered.headers['set-cookie']?.[0] ?? '').split(';');
    expect((await ask('/api/state', { cookie })).status).to.equal(200);
  });

  it('says whether the network is watched, to everybody', async () => {
    await start(TOKEN);
    expect(await ask('/healthz')).to.include({ status: 200, body: '{"ok":true}' });
    isAlive = false;
    expect(await ask('/healthz')).to.include({ status: 503, body: '{"ok":false}' });
  });

  it('tells a client that reads slowly the newest state, and keeps none of those between', async () => {
    await start();
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'readable');
    const problem = { id: 'a', subject: 'a', text: 'x'.repeat(1e6) };
    const states = 200;
    for (let time = 2; time <= states; time++) {
      server.tell({ ...VIEW, time, problems: [problem] });
      // The server may write what the socket takes.
      await new Promise(setImmediate);
    }
    let text = '';
    const last = `"time":${String(states)},`;
    for await (const bytes of socket) {
      text += (bytes as Buffer).toString();
      if (text.includes(last)) break;
    }
    const times = [...text.matchAll(/"time":([0-9]+)/g)].map(([, time]) => Number(time));
    expect(times.at(-1)).to.equal(states);
    expect(times).to.have.length.below(states / 2);
    expect(times).to.deep.equal([...times].sort((a, b) => a - b));
  });
});
