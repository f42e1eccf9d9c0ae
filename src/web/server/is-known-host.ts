import { isIP } from 'node:net';

/**
 * Whether a Host header names this server. A page of somebody else can have its own name lead here (DNS rebinding) and would then
 * be taken for ours by the browser; an address or `localhost` cannot be such a name.
 *
 * @param names those by which users reach the server besides
 */
export function isKnownHost(header: string | undefined, names: readonly string[]): boolean {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::[0-9]{1,5})?$/i.exec(header ?? '') ?? [];
  if (bracketed !== undefined) return isIP(bracketed) === 6;
  if (plain === undefined) return false;
  const name = plain.toLowerCase();
  return isIP(name) === 4 || name === 'localhost' || names.some((known) => known.toLowerCase() === name);
}
