import { NetmgrError } from '../../errors.js';

/** What is thrown for octets that are no AgentX PDU; the session they came from cannot be trusted further. */
export function malformed(why: string): NetmgrError {
  return new NetmgrError({ kind: 'InvalidInput', message: `malformed AgentX PDU: ${why}` });
}
