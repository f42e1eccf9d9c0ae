import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY = 500;
const LONGEST_NAME = 256;

/** Whether the machine called `name` answers at the address, tried until it does or the signal comes. */
export async function askTcp(
  name: string,
  address: string,
  port: number,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    if ((await readGreeting(address, port, signal)) === name) return true;
    await sleep(RETRY, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

/** What the other side says before it closes; the kernel repeats the SYN, so one attempt may last. */
function readGreeting(address: string, port: number, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    let greeting = '';
    const socket = connect({ host: address, port });
    const end = (): void => {
      signal.removeEventListener('abort', end);
      socket.destroy();
      resolve(greeting);
    };
    signal.addEventListener('abort', end);
    socket
      .setEncoding('utf8')
      .on('data', (text) => {
        greeting += String(text);
        if (greeting.length > LONGEST_NAME) end();
      })
      .on('end', end)
      .on('error', end);
  });
}
