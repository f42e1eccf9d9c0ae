import { NetmgrError } from '../../errors.js';
import { REFUSED } from '../../mib/probe-result-table.js';
import { IpAddress } from '../../units/ip-network.js';
import type { Run } from '../../process/run.js';
import { bracketed } from './bracketed.js';
import type { ProbeRequest } from './probe-request.js';

/** Milliseconds that socat may take beyond what it was told to wait. */
const PATIENCE = 10_000;
/** What a datagram holds; whoever listens there sees who it was. */
const DATAGRAM = 'netmgr probe\n';

/** What socat(1) says where nobody answers, as strerror(3) has it. */
const SILENT = 'Connection timed out';

/**
 * Tries a TCP or UDP port once with socat(1), and leaves in the request whether anything came back.
 *
 * @param run runs commands inside the machine
 * @param source the address to send from; undefined leaves it to the kernel
 * @throws NetmgrError `CommandFailed` in socat's words, such as that the machine has no route
 */
export async function runTry(run: Run, request: ProbeRequest, source: string | undefined): Promise<void> {
  const { kind, target, port, timeout } = request.row;
  const { version } = IpAddress.parse(target);
  const seconds = String(timeout / 1000);
  const bind = source === undefined ? '' : `,bind=${bracketed(source)}`;
  const to = `${bracketed(target)}:${String(port)}${bind}`;
  const isTcp = kind === 'connect';
  request.running();
  const { stdout, stderr, exitCode } = await run(
    isTcp
      ? ['socat', '-u', 'OPEN:/dev/null', `TCP${String(version)}:${to},connect-timeout=${seconds}`]
      : ['socat', '-t', seconds, 'STDIO', `UDP${String(version)}:${to}`],
    {
      ...(isTcp ? {} : { input: DATAGRAM }),
      ...{ accept: [0, 1], timeout: timeout + PATIENCE, signal: request.signal },
    },
  );
  if (exitCode === 0) {
    request.done({ sent: 1, received: isTcp || stdout !== '' ? 1 : 0 });
  } else if (stderr.includes(REFUSED)) {
    request.done({ sent: 1, received: 1, message: REFUSED });
  } else if (stderr.includes(SILENT)) {
    request.done({ sent: 1, received: 0 });
  } else {
    throw new NetmgrError({ kind: 'CommandFailed', message: wordsOf(stderr) });
  }
}

/** `2026/01/31 12:00:00 socat[123] E connect(5, AF=2 10.2.0.1:22, 16): Network is unreachable`: the last of it. */
function wordsOf(stderr: string): string {
  const line = stderr.split('\n').find((text) => text.includes(' E '));
  return line === undefined ? stderr.trim() : `socat: ${line.slice(line.lastIndexOf(': ') + 1).trim()}`;
}
