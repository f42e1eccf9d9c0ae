import { expect } from 'chai';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pdu } from '../../../src/agent/agentx/pdu.js';
import { encodePdu } from '../../../src/agent/agentx/pdu-codec.js';
import { PduFramer } from '../../../src/agent/agentx/pdu-framer.js';
import { Subagent } from '../../../src/agent/agentx/subagent.js';
import type { NetmgrError } from '../../../src/errors.js';
import { MemoryHandler } from './memory-handler.js';

const header = { sessionId: 9, transactionId: 4, packetId: 1 };
const OID = [1, 3, 6, 1, 4, 1, 32473, 7];
const SET: Pdu = {
  ...header,
  type: 'TestSet',
  varBinds: [{ oid: OID, value: { type: 'Gauge32', value: 2 } }],
};

/** What no real master does: it says what the test wants and goes away in the middle. */
describe('a session of the AgentX subagent that is lost', () => {
  let directory: string;
  let server: Server;
  let handler: MemoryHandler;
  let subagent: Subagent;
  let reasons: NetmgrError[];
  let sockets: Socket[];
  /** What the master heard that is no Open, Register or Ping, by name. */
  let heard: Pdu[];
  let isSilent: boolean;
  let hears: () => void;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'netmgr-agentx-'));
    handler = new MemoryHandler();
    handler.put(OID, { type: 'Gauge32', value: 1 });
    reasons = [];
    sockets = [];
    heard = [];
    isSilent = false;
    hears = () => undefined;
    server = createServer((socket) => {
      sockets.push(socket);
      const framer = new PduFramer();
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        for (const pdu of framer.push(chunk)) {
          if (pdu.type === 'Open' || pdu.type === 'Register' || pdu.type === 'Ping') {
            const response = { ...pdu, type: 'Response' as const, sessionId: 9, sysUpTime: 5 };
            if (!isSilent) socket.write(encodePdu({ ...response, error: 0, index: 0, varBinds: [] }, true));
          } else {
            heard.push(pdu);
            hears();
          }
        }
      });
    });
    server.listen(join(directory, 'master'));
    await once(server, 'listening');
    subagent = new Subagent({
      socketPath: join(directory, 'master'),
      registrations: [{ subtree: OID.slice(0, -1) }],
      handler,
      description: '',
      timeout: 1,
      pingInterval: 30,
      onError: () => undefined,
      onDisconnected: (reason) => reasons.push(reason),
    });
    await subagent.connected();
  });

  afterEach(async () => {
    subagent.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await rm(directory, { recursive: true });
  });

  /** Sends to the subagent; fulfils with its next PDU. */
  async function ask(pdu: Pdu): Promise<Pdu | undefined> {
    const answer = new Promise<void>((resolve) => (hears = resolve));
    sockets.at(-1)?.write(encodePdu(pdu));
    await answer;
    return heard.at(-1);
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  it('drops a SET that was only tested', async () => {
    expect(await ask(SET)).to.deep.include({ type: 'Response', error: 0, packetId: 1, transactionId: 4 });
    sockets[0]?.destroy();
    await until(() => sockets.length === 2 && subagent.isConnected);
    expect(handler.calls).to.deep.equal(['test 1', 'cleanup']);
    expect(await ask({ ...header, type: 'CommitSet' })).to.deep.include({ error: 14 });
    expect(handler.valueOf(OID)).to.have.property('value', 1);
  });

  it('keeps a SET that was committed', async () => {
    await ask(SET);
    await ask({ ...header, type: 'CommitSet' });
    sockets[0]?.destroy();
    await until(() => sockets.length === 2 && subagent.isConnected);
    expect(handler.calls).to.deep.equal(['test 1', 'commit', 'cleanup']);
    expect(handler.valueOf(OID)).to.have.property('value', 2);
  });

  it('keeps the phases of SETs in order, also when they arrive at once', async () => {
    const phases: Pdu[] = [SET, { ...header, type: 'CommitSet' }, { ...header, type: 'CleanupSet' }];
    const second = phases.map((pdu) => ({ ...pdu, transactionId: 5 }));
    sockets[0]?.write(Buffer.concat([...phases, ...second].map((pdu) => encodePdu(pdu))));
    await until(() => heard.length === 4 && handler.calls.length === 6);
    const order = ['test 1', 'commit', 'cleanup'];
    expect(handler.calls).to.deep.equal([...order, ...order]);
    expect(heard.every((pdu) => pdu.type === 'Response' && pdu.error === 0)).to.equal(true);
  });

  it('answers GetBulk, and refuses a context it does not have', async () => {
    const bulk: Pdu = {
      ...header,
      type: 'GetBulk',
      nonRepeaters: 0,
      maxRepetitions: 65_535,
      ranges: [{ start: OID, include: true, end: [] }],
    };
    const answer = await ask(bulk);
    expect(answer).to.have.property('varBinds').with.length(2);
    expect(await ask({ ...bulk, context: Uint8Array.of(1) })).to.deep.include({ error: 262 });
  });

  it('bounds the answer to a GetBulk', async () => {
    handler.putAll(
      Array.from({ length: 20_000 }, (_, i) => ({ oid: [...OID, i], value: { type: 'Gauge32', value: i } })),
    );
    const answer = await ask({
      ...header,
      type: 'GetBulk',
      nonRepeaters: 1,
      maxRepetitions: 65_535,
      ranges: Array.from({ length: 3 }, () => ({ start: OID, include: false, end: [] })),
    });
    if (answer?.type !== 'Response') throw new Error('no response');
    expect(answer.varBinds.length).to.be.within(100, 4096);
  });

  it('is given up and made again after octets that are no PDU', async () => {
    sockets[0]?.write(Buffer.from('GET / HTTP/1.0\r\n\r\n'));
    await until(() => sockets.length === 2 && subagent.isConnected);
    expect(reasons.map(({ kind }) => kind)).to.deep.equal(['InvalidInput']);
  });

  it('is given up and made again after a Close, and when the master falls silent', async () => {
    sockets[0]?.write(encodePdu({ ...header, type: 'Close', reason: 5 }));
    await until(() => sockets.length === 2 && subagent.isConnected);
    isSilent = true;
    await until(() => reasons.length === 2);
    isSilent = false;
    await until(() => sockets.length === 3 && subagent.isConnected);
    expect(reasons[1]?.message).to.contain('Ping');
    expect(heard.map(({ type }) => type)).to.include('Close');
  });
});
