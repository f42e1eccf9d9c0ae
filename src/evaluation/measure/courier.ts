import { connect, createServer, type Server, type Socket } from 'node:net';

// Files on their way through machines. A connection begins with a line of addresses, each of a courier that passes it on
// to the next, and what the last of them is to do: `10.1.0.1 10.2.0.1 10.2.0.101 store 1000000`.

const PORT = 7002;
const LONGEST_LINE = 1024;
const NEWLINE = 10;

/** Passes on what is for others, and stores and gives back what is for this machine. Fulfils when it listens. */
export function serveCourier(address = '::'): Promise<Server> {
  let stored: Buffer = Buffer.alloc(0);
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    void readLine(socket).then(({ words, rest }) => {
      const [first = '', second = ''] = words;
      if (first === 'store') {
        receive(socket, Number(second), rest, (file) => {
          stored = file;
          socket.end('done\n');
        });
      } else if (first === 'fetch') {
        socket.end(stored);
      } else if (first === '') {
        socket.destroy();
      } else {
        passOn(socket, first, words.slice(1), rest);
      }
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(PORT, address, () => resolve(server));
  });
}

/** Sends a file through couriers. @returns when the last one has all of it */
export async function sendFile(hops: readonly string[], file: Buffer): Promise<void> {
  const socket = open(hops, `store ${String(file.length)}`);
  socket.write(file);
  const answer = await untilEnd(socket);
  if (answer.toString() !== 'done\n') throw new Error('the file did not arrive');
}

/** Gets the file that the last courier has. */
export function fetchFile(hops: readonly string[]): Promise<Buffer> {
  return untilEnd(open(hops, 'fetch'));
}

function open(hops: readonly string[], order: string): Socket {
  const [first = '', ...others] = hops;
  const socket = connect({ host: first, port: PORT, noDelay: true });
  socket.write(`${[...others, order].join(' ')}\n`);
  return socket;
}

function passOn(from: Socket, address: string, words: readonly string[], rest: Buffer): void {
  const to = connect({ host: address, port: PORT, noDelay: true });
  to.on('error', () => from.destroy());
  to.write(`${words.join(' ')}\n`);
  to.write(rest);
  from.pipe(to);
  to.pipe(from);
  from.on('close', () => to.destroy());
}

function untilEnd(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  return new Promise((resolve, reject) => {
    socket
      .on('data', (bytes: Buffer) => pieces.push(bytes))
      .on('end', () => resolve(Buffer.concat(pieces)))
      .on('error', reject);
  });
}

function receive(socket: Socket, length: number, rest: Buffer, then: (file: Buffer) => void): void {
  const pieces: Buffer[] = [];
  let missing = length;
  const take = (bytes: Buffer): void => {
    pieces.push(bytes);
    missing -= bytes.length;
    if (missing > 0) return;
    socket.off('data', take);
    then(Buffer.concat(pieces));
  };
  socket.on('data', take).resume();
  // A small file has come with the line.
  take(rest);
}

/** The first line's words, none where there is no such line; the socket is paused after it. */
function readLine(socket: Socket): Promise<{ words: string[]; rest: Buffer }> {
  let seen: Buffer = Buffer.alloc(0);
  return new Promise((resolve) => {
    const take = (bytes: Buffer): void => {
      seen = Buffer.concat([seen, bytes]);
      const end = seen.indexOf(NEWLINE);
      if (end < 0 && seen.length < LONGEST_LINE) return;
      socket.off('data', take).pause();
      const words = end < 0 ? [] : seen.subarray(0, end).toString().split(' ');
      resolve({ words, rest: seen.subarray(end + 1) });
    };
    socket.on('data', take);
  });
}
