// Sends a datagram from each of the addresses in turn: send-from.mjs TO ADDRESS …
import { createSocket } from 'node:dgram';

const [to, ...addresses] = process.argv.slice(2);
for (const address of addresses) {
  const socket = createSocket(to.includes(':') ? 'udp6' : 'udp4');
  await new Promise((resolve) => socket.bind(0, address, resolve));
  await new Promise((resolve, reject) =>
    socket.send('', 9, to, (error) => (error ? reject(error) : resolve())),
  );
  socket.close();
}
