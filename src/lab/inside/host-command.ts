import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { HostAnswer, HostRequest } from '../control/host-request.js';
import { writeOutput } from '../standard-streams.js';
import { HOSTS_SOCKET } from './host-requests.js';

// The program netmgr-host of a lab with a kernel per host.

const USAGE = `Usage: netmgr-host HOST power-off
       netmgr-host HOST power-on
       netmgr-host HOST exec [MACHINE] -- COMMAND [ARGUMENT...]

power-off  ends the host's kernel at once, with all that runs in it; nothing is written any more
power-on   starts it anew, with its machines and its agent, and ends when that answers; of all that was, there is what
           had been written to the disk of the agent's state directory
exec       runs a command in the network of the host, or of one of its machines; the output and the exit code are the
           command's, its input is empty, and it has no terminal

Exit codes: the command's; 255 where the host is off or something else went wrong.
`;

/** As ssh's: few commands end with it. */
const FAILED = 255;

function requestOf([host, action, ...rest]: readonly string[]): HostRequest | undefined {
  if (host === undefined || host.startsWith('-')) return undefined;
  if ((action === 'power-off' || action === 'power-on') && rest.length === 0) return { type: action, host };
  const dashes = rest.indexOf('--');
  const [first, ...words] = rest.slice(dashes + 1);
  if (action !== 'exec' || dashes < 0 || dashes > 1 || first === undefined) return undefined;
  const machine = dashes === 1 ? rest[0] : undefined;
  return { type: 'exec', host, command: [first, ...words], ...(machine === undefined ? {} : { machine }) };
}

function ask(request: HostRequest): void {
  const socket = connect(HOSTS_SOCKET);
  const send = (message: HostRequest): void => void socket.write(`${JSON.stringify(message)}\n`);
  send(request);
  process.exitCode = FAILED;
  socket.on('error', (error) => process.stderr.write(`netmgr-host: ${error.message}\n`));
  createInterface({ input: socket }).on('line', (line) => {
    const answer = JSON.parse(line) as HostAnswer;
    switch (answer.type) {
      case 'output':
        void writeOutput(process[answer.stream], Buffer.from(answer.base64, 'base64')).then(() =>
          send({ type: 'taken' }),
        );
        break;
      case 'ended':
        process.exitCode = answer.exitCode;
        break;
      case 'failed':
        for (const { subject, message, hint } of answer.errors) {
          const about = subject === undefined ? '' : `${subject}: `;
          process.stderr.write(`netmgr-host: ${about}${message}\n${hint === undefined ? '' : `  ${hint}\n`}`);
        }
        break;
    }
  });
}

const words = process.argv.slice(2);
const request = requestOf(words);
if (words.includes('--help') && request?.type !== 'exec') {
  process.stdout.write(USAGE);
} else if (request === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = FAILED;
} else {
  // Whoever reads our output may go first.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit());
  ask(request);
}
