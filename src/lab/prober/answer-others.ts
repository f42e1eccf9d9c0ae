import { createSocket, type Socket, type SocketType } from 'node:dgram';
import { createServer } from 'node:net';

const LONGEST_QUESTION = 64;

/**
 * Answers TCP and UDP on one port, over IPv4 and IPv6, with the machine's name, so that whoever asks knows who it was
 * that it reached. Fulfils when all of them listen.
 */
export async function answerOthers(name: string, port: number): Promise<void> {
  await Promise.all([
    answerTcp(name, port),
    answerUdp(name, port, 'udp4', '0.0.0.0'),
    answerUdp(name, port, 'udp6', '::'),
  ]);
}

function answerTcp(name: string, port: number): Promise<void> {
  const server = createServer((socket) => {
    // Whoever asked may be gone.
    socket.on('error', () => undefined);
    socket.end(name);
    socket.resume();
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '::', backlog: 1024 }, resolve);
  });
}

function answerUdp(name: string, port: number, type: SocketType, address: string): Promise<void> {
  const socket: Socket = createSocket({ type, ipv6Only: type === 'udp6' });
  socket.on('message', (question, from) => {
    if (question.length > LONGEST_QUESTION) return;
    // An answer that cannot be sent is one that is not received.
    socket.send(`${question.toString('latin1')} ${name}`, from.port, from.address, () => undefined);
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ port, address }, () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      resolve();
    });
  });
}
