import { once } from 'node:events';
import { createServer } from 'node:net';
import { NetmgrError } from '../errors.js';

/** An abstract name (unix(7)): each network namespace has its own, and it is gone with the process. */
const NAME = '\0netmgr-agent';

/**
 * Makes this process the only one that changes the host, which is its network namespace, whatever its state directory.
 *
 * @returns what gives the host up again
 * @throws NetmgrError `Conflict` if an agent runs here
 */
export async function claimHost(): Promise<() => void> {
  const server = createServer().listen(NAME);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new NetmgrError({
      kind: 'Conflict',
      message: 'an agent runs on this host already',
      hint: 'End it first (systemctl stop netmgr-agent): two would undo what the other one does.',
    });
  }
  server.unref();
  return () => {
    server.close();
  };
}
