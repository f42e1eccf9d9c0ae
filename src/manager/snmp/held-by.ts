import { NetmgrError } from '../../errors.js';

/** Another manager has the session. */
export function heldBy(owner: string, hostName: string): NetmgrError {
  return new NetmgrError({
    kind: 'Conflict',
    message: `another manager is at work: ${owner}`,
    subject: hostName,
    hint: 'Wait until it is done; a session ends by itself a minute after its last request.',
  });
}
