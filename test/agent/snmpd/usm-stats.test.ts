import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { run } from '../../../src/process/run.js';
import {
  freePort,
  READER,
  runTool,
  startPrivateSnmpd,
  TOOL_ENVIRONMENT,
  type PrivateSnmpd,
} from './private-snmpd.js';

/** usmStats (RFC 3414 section 5) by their last sub-identifier. */
const STATS = {
  notInTimeWindows: 2,
  unknownUserNames: 3,
  unknownEngineIDs: 4,
  wrongDigests: 5,
} as const;
type Stat = keyof typeof STATS;
const instance = (stat: Stat): string => `.1.3.6.1.6.3.15.1.1.${String(STATS[stat])}.0`;
const SYS_NAME = '.1.3.6.1.2.1.1.5.0';

describe('what an snmpd of ours refuses', () => {
  let snmpd: PrivateSnmpd;

  before(async () => {
    snmpd = await startPrivateSnmpd();
  });

  after(async () => {
    await snmpd.remove();
  });

  const asReader = { user: READER.user, auth: READER.secrets.auth, priv: READER.secrets.priv };

  const count = async (stat: Stat): Promise<number> => {
    const { stdout } = await snmpd.tool('snmpget', [instance(stat)], { ...asReader, flags: ['-Oqv'] });
    return Number(stdout);
  };

  it('is counted if the user is unknown', async () => {
    const before = await count('unknownUserNames');
    const { exitCode } = await snmpd.tool('snmpget', [SYS_NAME], { user: 'nobody', accept: [1] });
    expect(exitCode).to.equal(1);
    expect(await count('unknownUserNames')).to.equal(before + 1);
  });

  it('is counted if the secret is wrong', async () => {
    const before = await count('wrongDigests');
    await snmpd.tool('snmpget', [SYS_NAME], { ...asReader, auth: 'another secret', accept: [1] });
    expect(await count('wrongDigests')).to.be.greaterThan(before);
  });

  it('is counted if it is what somebody else sent before the last start', async () => {
    const recorder = await Recorder.start(snmpd.port);
    await runTool(recorder.port, 'snmpset', [SYS_NAME, 's', 'x'], { accept: [0, 2] });
    await recorder.stop();
    const { pid } = snmpd.master;
    if (pid === undefined) throw new Error('no snmpd');
    process.kill(pid, 'SIGKILL');
    while (snmpd.master.pid === undefined || snmpd.master.pid === pid) await delay(20);
    const before = await count('notInTimeWindows');
    await recorder.replay();
    // The two of a SET: the discovery, which anybody may ask for, and the SET itself.
    expect(await count('notInTimeWindows')).to.equal(before + 1);
  });

  it('is not even answered by SNMPv1 and v2c', async () => {
    for (const version of ['-v1', '-v2c']) {
      const { exitCode, stderr } = await runCommunity(version, snmpd.port);
      expect([version, exitCode]).to.deep.equal([version, 1]);
      expect(stderr).to.include('Timeout');
    }
  });
});

async function runCommunity(version: string, port: number): Promise<{ exitCode: number; stderr: string }> {
  const { exitCode, stderr } = await run(
    [
      'snmpget',
      version,
      '-c',
      'public',
      '-t',
      '0.5',
      '-r',
      '0',
      '-m',
      '',
      `127.0.0.1:${String(port)}`,
      SYS_NAME,
    ],
    { accept: [1], env: TOOL_ENVIRONMENT },
  );
  return { exitCode, stderr };
}

/** Stands between a tool and snmpd, and keeps what the tool sends. */
class Recorder {
  readonly #sent: Buffer[] = [];

  private constructor(
    readonly port: number,
    private readonly to: number,
    private readonly socket: Socket,
  ) {}

  static async start(to: number): Promise<Recorder> {
    const port = await freePort();
    const socket = createSocket('udp4').bind(port, '127.0.0.1');
    await once(socket, 'listening');
    const recorder = new Recorder(port, to, socket);
    let client = 0;
    socket.on('message', (datagram, { port: from }) => {
      if (from === to) {
        socket.send(datagram, client, '127.0.0.1');
        return;
      }
      client = from;
      recorder.#sent.push(datagram);
      socket.send(datagram, to, '127.0.0.1');
    });
    return recorder;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.socket.close(resolve));
  }

  /** Sends all of it again. */
  async replay(): Promise<void> {
    const socket = createSocket('udp4');
    let answers = 0;
    socket.on('message', () => (answers += 1));
    for (const [i, datagram] of this.#sent.entries()) {
      socket.send(datagram, this.to, '127.0.0.1');
      // Both have an answer: a report.
      while (answers <= i) await delay(10);
    }
    socket.close();
  }
}
