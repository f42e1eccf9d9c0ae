import { randomBytes } from 'node:crypto';

/** 32473 as the enterprise that made the ID, and "octets" as its format (RFC 3411, SnmpEngineID). */
const ENGINE_ID_START = '80007ed905';
const RANDOM_OCTETS = 16;

/** A new snmpEngineID in hexadecimal: random, so that no two engines have the same. */
export function makeEngineId(): string {
  return ENGINE_ID_START + randomBytes(RANDOM_OCTETS).toString('hex');
}

/** The engine ID that a file of ours holds; undefined if it holds something else. */
export function engineIdIn(text: string): string | undefined {
  return /^[0-9a-f]{42}\n$/.exec(text)?.[0].trim();
}
