// One end of a train of datagrams, inside a machine. Both ends have the same clock, since their kernel is the same.
//   receive PORT MILLISECONDS            prints [number, microseconds under way] of each datagram, until none came for so long
//   send ADDRESS PORT COUNT GAP SIZE     sends COUNT datagrams, one every GAP microseconds (0: at once)
import { createSocket } from 'node:dgram';

const HEADER = 16;
const now = () => process.hrtime.bigint();
const [what, ...rest] = process.argv.slice(2);

if (what === 'receive') {
  const [port, silence] = rest.map(Number);
  const received = [];
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 24 });
  let timer;
  const end = () => {
    socket.close();
    process.stdout.write(JSON.stringify(received));
  };
  socket.on('message', (message) => {
    const at = now();
    received.push([Number(message.readBigUInt64BE(0)), Number(at - message.readBigUInt64BE(8)) / 1000]);
    clearTimeout(timer);
    timer = setTimeout(end, silence);
  });
  socket.bind(port, () => process.stderr.write('ready\n'));
  // The sender has not begun yet.
  timer = setTimeout(end, silence + 10_000);
} else {
  const [address, ...numbers] = rest;
  const [port, count, gap, size] = numbers.map(Number);
  const socket = createSocket('udp4');
  socket.connect(port, address, async () => {
    const send = (number) =>
      new Promise((resolve) => {
        const message = Buffer.alloc(Math.max(size, HEADER));
        message.writeBigUInt64BE(BigInt(number), 0);
        message.writeBigUInt64BE(now(), 8);
        socket.send(message, resolve);
      });
    const begun = now();
    for (let number = 0; number < count; number++) {
      const due = begun + BigInt(number * gap) * 1000n;
      while (now() < due) await new Promise((resolve) => setTimeout(resolve, 1));
      await send(number);
    }
    socket.close();
  });
}
