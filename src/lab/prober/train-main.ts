import { createSocket } from 'node:dgram';

// One end of a train of datagrams, inside a machine. Both ends have the same clock, since their kernel is the same.
//   receive PORT MILLISECONDS            prints [number, microseconds under way, microseconds since the first was sent] of
//                                        each datagram, until none came for so long
//   send ADDRESS PORT COUNT GAP SIZE     sends COUNT datagrams, one every GAP microseconds (0: at once)

/** Of a datagram: its number, and when it and the first one were sent. */
const HEADER = 24;
const BUFFER = 1 << 24;
/** Milliseconds in which the first datagram must come. */
const PATIENCE = 60_000;
const now = (): bigint => process.hrtime.bigint();

function receive(port: number, silence: number): void {
  const received: [number, number, number][] = [];
  const socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER });
  const end = (): void => {
    socket.close();
    process.stdout.write(JSON.stringify(received));
  };
  // The sender has not begun yet.
  let timer = setTimeout(end, silence + PATIENCE);
  const since = (at: bigint, message: Buffer, offset: number): number =>
    Number(at - message.readBigUInt64BE(offset)) / 1000;
  socket.on('message', (message) => {
    const at = now();
    received.push([Number(message.readBigUInt64BE(0)), since(at, message, 8), since(at, message, 16)]);
    clearTimeout(timer);
    timer = setTimeout(end, silence);
  });
  socket.bind(port);
}

async function send(address: string, port: number, count: number, gap: number, size: number): Promise<void> {
  const socket = createSocket({ type: 'udp4', sendBufferSize: BUFFER });
  await new Promise<void>((resolve) => socket.connect(port, address, resolve));
  const begun = now();
  for (let number = 0; number < count; number++) {
    const due = begun + BigInt(number * gap) * 1000n;
    while (now() < due) await new Promise((resolve) => setTimeout(resolve, 1));
    const message = Buffer.alloc(Math.max(size, HEADER));
    message.writeBigUInt64BE(BigInt(number), 0);
    message.writeBigUInt64BE(now(), 8);
    message.writeBigUInt64BE(begun, 16);
    await new Promise((resolve) => socket.send(message, resolve));
  }
  socket.close();
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'receive') {
  const [port = 0, silence = 0] = rest.map(Number);
  receive(port, silence);
} else {
  const [address = '', ...numbers] = rest;
  const [port = 0, count = 0, gap = 0, size = 0] = numbers.map(Number);
  await send(address, port, count, gap, size);
}
