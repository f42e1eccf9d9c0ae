import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { NotificationReceiver, type ReceivedNews } from '../../../src/manager/snmp/notification-receiver.js';
import { run } from '../../../src/process/run.js';
import { UdpAddress } from '../../../src/units/udp-address.js';
import { freePort } from '../../agent/snmpd/private-snmpd.js';

const NETEMU = '1.3.6.1.4.1.32473.1';
const USER = { name: 'nms', authSecret: 'authentication', privSecret: 'encryption' };
const SECRETS = ['-a', 'SHA-256', '-A', USER.authSecret, '-x', 'AES', '-X', USER.privSecret] as const;
const AS_USER = ['-v3', '-u', USER.name, '-l', 'authPriv', ...SECRETS] as const;
const OF_AGENT = ['-e', '0x80007ed905000000000000000000000000000000aa'] as const;
/** netemuDriftCleared of generation 7. */
const CLEARED = ['', `${NETEMU}.0.4`, `${NETEMU}.1.2.16.0`, 'u', '7'] as const;

/** Sends by the real tools of net-snmp. */
describe('a receiver of notifications', () => {
  let receiver: NotificationReceiver;
  let address: UdpAddress;
  let heard: ReceivedNews[];
  let refused: string[];

  beforeEach(async () => {
    heard = [];
    refused = [];
    address = await freeAddress();
    receiver = await open(address);
  });

  afterEach(() => {
    receiver.close();
  });

  const open = (at: UdpAddress): Promise<NotificationReceiver> =>
    NotificationReceiver.open(at, '80007ed905000000000000000000000000000000bb', [USER], {
      onNews: (news) => heard.push(news),
      onRefused: (source, reason) => refused.push(`${source} ${reason}`),
    });

  const send = async (tool: 'snmptrap' | 'snmpinform', ...words: readonly string[]): Promise<void> => {
    await run(
      [tool, ...words.slice(0, -CLEARED.length), address.toString(), ...words.slice(-CLEARED.length)],
      {
        env: { MIBS: '', SNMPCONFPATH: '/nonexistent', SNMP_PERSISTENT_DIR: '/dev/null' },
      },
    );
  };

  it('hears traps, and answers informs', async () => {
    await send('snmptrap', ...AS_USER, ...OF_AGENT, ...CLEARED);
    // Without an answer it would end with an error.
    await send('snmpinform', ...AS_USER, ...CLEARED);
    while (heard.length < 2) await delay(10);
    for (const { source, news } of heard) {
      expect(source).to.equal('127.0.0.1');
      expect(news).to.deep.equal({ name: 'driftCleared', generation: 7 });
    }
    expect(refused).to.deep.equal([]);
  });

  it('takes nothing without a known user, right secrets and encryption', async () => {
    await send('snmptrap', '-v2c', '-c', 'public', ...CLEARED);
    await send('snmptrap', '-v3', '-u', 'other', '-l', 'authPriv', ...SECRETS, ...OF_AGENT, ...CLEARED);
    await send('snmptrap', ...AS_USER, '-A', 'something else', ...OF_AGENT, ...CLEARED);
    await send('snmptrap', ...AS_USER, '-l', 'authNoPriv', ...OF_AGENT, ...CLEARED);
    await send('snmptrap', '-v3', '-u', USER.name, '-l', 'noAuthNoPriv', ...OF_AGENT, ...CLEARED);
    await sendDatagram(Buffer.from('no SNMP at all'));
    while (refused.length < 6) await delay(10);
    await send('snmpinform', ...AS_USER, ...CLEARED);
    while (heard.length < 1) await delay(10);
    expect(refused).to.have.lengthOf(6);
    expect(heard).to.have.lengthOf(1);
    expect(refused.every((reason) => reason.startsWith('127.0.0.1 '))).to.equal(true);
  });

  it('hears what is sent twice once', async () => {
    receiver.close();
    const sent: Buffer[] = [];
    const recorder = createSocket('udp4').bind(address.port, '127.0.0.1');
    recorder.on('message', (datagram) => sent.push(datagram));
    await once(recorder, 'listening');
    await send('snmptrap', ...AS_USER, ...OF_AGENT, ...CLEARED);
    while (sent.length === 0) await delay(10);
    recorder.close();
    receiver = await open(address);
    for (let i = 0; i < 3; i++) await sendDatagram(sent[0] ?? Buffer.alloc(0));
    await send('snmpinform', ...AS_USER, ...CLEARED);
    while (heard.length < 2) await delay(10);
    expect(heard).to.have.lengthOf(2);
  });

  it('says that another program has the address', async () => {
    const error = await open(address).catch((reason: unknown) => reason);
    expect(error).to.have.property('kind', 'Conflict');
    expect(error).to.have.property('message').that.includes(address.toString());
  });

  async function sendDatagram(datagram: Buffer): Promise<void> {
    const socket = createSocket('udp4');
    await new Promise((resolve) => {
      socket.send(datagram, address.port, '127.0.0.1', resolve);
    });
    socket.close();
  }
});

const freeAddress = async (): Promise<UdpAddress> =>
  UdpAddress.parse(`udp:127.0.0.1:${String(await freePort())}`);
