import { isIP } from 'node:net';
import { NetmgrError } from '../../errors.js';

/** Where a server listens. */
export interface ListenAddress {
  /** An IP address, or `localhost`. */
  readonly host: string;
  /** TCP; 0 is any that is free. */
  readonly port: number;
}

const HIGHEST_PORT = 65_535;

/** Reads `127.0.0.1:8080` or `[::1]:8080`. @throws NetmgrError `InvalidInput` */
export function parseListenAddress(text: string): ListenAddress {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+)):([0-9]{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? '';
  const isAddress = bracketed === undefined ? isIP(host) === 4 || host === 'localhost' : isIP(host) === 6;
  if (!isAddress || Number(port) > HIGHEST_PORT) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `"${text}" is no address and port to listen on`,
      hint: 'Write 127.0.0.1:8080, [::1]:8080, or 0.0.0.0:8080 for all IPv4 addresses of this machine.',
    });
  }
  return { host, port: Number(port) };
}

/** Whether only this machine reaches it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** The host of a URL. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
