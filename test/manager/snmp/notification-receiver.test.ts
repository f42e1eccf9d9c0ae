import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { NotificationReceiver, type ReceivedNews } from '../../../src/manager/snmp/notification-receiver.js';
import { run } from '../../../src/process/run.js';
import { UdpAddress } from '../../../src/units/udp-address.js';
import { freePort, TOOL_ENVIRONMENT } from '../../agent/snmpd/private-snmpd.js';

const NETEMU = '1.3.6.1.4.1.32473.1';
const USER = { name: 'nms', authSecret: 'authentication', privSecret: 'encryption' };
const SECRETS = ['-a', 'SHA-256', '-A', USER.authSecret, '-x', 'AES', '-X', USER.privSecret] as const;
const AS_USER = ['-v3', '-u', USER.name, '-l', 'authPriv', ...SECRETS] as const;
const OF_AGENT = ['-e', '0x80007ed905000000000000000000000000000000aa'] as const;
/** netemuDriftCleared of generation 7. */
const CLEARED = ['', `${NETEMU}.0.4`, `${NETEMU}.1.2.16.0`, 'u', '7'] as const;

/** Sends by the real tools of net-snmp. */
describe('a receiver of notifications', () => {
  let close: () => void;
  let address: UdpAddress;
  let heard: ReceivedNews[];
  let refused: string[];

  beforeEach(async () => {
    heard = [];
    refused = [];
    address = await freeAddress();
    close = await open(address);
  });

  afterEach(() => {
    close();
  });

  const open = (at: UdpAddress): Promise<() => void> =>
    NotificationReceiver.open(at, '80007ed905000000000000000000000000000000bb', [USER], {
      onNews: (news) => heard.push(news),
      onRefused: (source, reason) => refused.push(`${source} ${reason}`),
    });

  const send = async (tool: 'snmptrap' | 'snmpinform', ...words: readonly string[]): Promise<void> => {
    await run(
      [tool, ...words.slice(0, -CLEARED.length), address.toString(), ...words.slice(-CLEARED.length)],
      {
        env: TOOL_ENVIRONMENT,
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

  it('believes nobody who has no name', async () => {
    for (const pdu of [TRAP_V2, INFORM]) await sendDatagram(withoutUser(pdu, [clearedOf(7)]));
    while (refused.length < 2) await delay(10);
    expect(heard).to.deep.equal([]);
  });

  it('outlives datagrams that its library does not', async () => {
    // An ID of more than 31 bits, which can be read and not be written; a BIT STRING, likewise.
    await sendDatagram(withoutUser(GET, [], '0500ffffffff'));
    await sendDatagram(withoutUser(INFORM, [clearedOf(7), tlv(0x30, oid('1.3.6.1'), tlv(0x03, '00ff'))]));
    await send('snmpinform', ...AS_USER, ...CLEARED);
    while (heard.length < 1) await delay(10);
    expect(refused.length).to.be.at.least(1);
  });

  it('counts nothing of others as refused', async () => {
    const other = ['', '1.3.6.1.4.1.99999.0.1', '1.3.6.1.4.1.99999.1', 'a', '10.0.0.1'] as const;
    await send('snmptrap', ...AS_USER, ...OF_AGENT, ...other);
    await send('snmpinform', ...AS_USER, ...CLEARED);
    while (heard.length < 1) await delay(10);
    expect(refused).to.deep.equal([]);
  });

  it('hears what is sent twice once', async () => {
    close();
    const sent: Buffer[] = [];
    const recorder = createSocket('udp4').bind(address.port, '127.0.0.1');
    recorder.on('message', (datagram) => sent.push(datagram));
    await once(recorder, 'listening');
    await send('snmptrap', ...AS_USER, ...OF_AGENT, ...CLEARED);
    while (sent.length === 0) await delay(10);
    recorder.close();
    close = await open(address);
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

/** The tags of PDUs (RFC 3416). */
const GET = 0xa0;
const INFORM = 0xa6;
const TRAP_V2 = 0xa7;

/** What has a tag and a length of one octet or three (ITU-T X.690), in hexadecimal. */
function tlv(tag: number, ...contents: readonly string[]): string {
  const content = contents.join('');
  const length = content.length / 2;
  const octets = length < 0x80 ? hex(length) : `82${length.toString(16).padStart(4, '0')}`;
  return hex(tag) + octets + content;
}

const hex = (octet: number): string => octet.toString(16).padStart(2, '0');
const integer = (value: number): string => tlv(0x02, hex(value));

function oid(text: string): string {
  const [first = 0, second = 0, ...others] = text.split('.').map(Number);
  const octets = others.flatMap((subid) => {
    const groups = [subid & 0x7f];
    for (let rest = subid >>> 7; rest > 0; rest >>>= 7) groups.unshift((rest & 0x7f) | 0x80);
    return groups;
  });
  return tlv(0x06, [first * 40 + second, ...octets].map(hex).join(''));
}

/** sysUpTime, snmpTrapOID and what netemuDriftCleared has. */
const clearedOf = (generation: number): string =>
  [
    tlv(0x30, oid('1.3.6.1.2.1.1.3.0'), tlv(0x43, '01')),
    tlv(0x30, oid('1.3.6.1.6.3.1.1.4.1.0'), oid(`${NETEMU}.0.4`)),
    tlv(0x30, oid(`${NETEMU}.1.2.16.0`), tlv(0x42, hex(generation))),
  ].join('');

/** An SNMPv3 message of nobody, neither authenticated nor encrypted, but reportable (RFC 3412 section 6). */
function withoutUser(pdu: number, varBinds: readonly string[], messageId = '0101'): Buffer {
  const id = messageId.length > 4 ? tlv(0x02, messageId.slice(2)) : integer(1);
  const security = tlv(0x30, tlv(0x04), integer(0), integer(0), tlv(0x04), tlv(0x04), tlv(0x04));
  const scoped = tlv(
    0x30,
    ...[tlv(0x04, '80007ed905aa'), tlv(0x04)],
    tlv(pdu, integer(1), integer(0), integer(0), tlv(0x30, ...varBinds)),
  );
  const header = tlv(0x30, id, tlv(0x02, '00ffe3'), tlv(0x04, '04'), integer(3));
  return Buffer.from(tlv(0x30, integer(3), header, tlv(0x04, security), scoped), 'hex');
}
