import { SET_ERROR_STATUS } from './set-error-status.js';

/** res.error: the error-status of SNMP and what AgentX adds (RFC 2741 section 6.2.16). */
export const RESPONSE_ERRORS = {
  noError: 0,
  ...SET_ERROR_STATUS,
  commitFailed: 14,
  undoFailed: 15,
  openFailed: 256,
  notOpen: 257,
  unsupportedContext: 262,
  duplicateRegistration: 263,
  unknownRegistration: 264,
  parseError: 266,
  requestDenied: 267,
  processingError: 268,
} as const;

/** The name of a res.error, or its number where it has none here. */
export function responseErrorName(error: number): string {
  return (
    Object.entries(RESPONSE_ERRORS).find(([, number]) => number === error)?.[0] ?? `error ${String(error)}`
  );
}
