import { randomBytes } from 'node:crypto';
import { isSameSecret } from './access-token.js';

/** What a request shows of who sent it. */
export interface Shown {
  /** The headers as they are. */
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  /** The token of the URL. */
  readonly token: string | undefined;
}

const SESSION = /^[0-9a-f]{64}$/;

/** Lets those in who show the token, and then those who have the cookie that they got for it. */
export class Guard {
  /** In the cookie, so that the token itself is kept nowhere; as long as the server runs. */
  readonly #session = randomBytes(32).toString('hex');

  /** @param token undefined: everybody may */
  constructor(private readonly token: string | undefined) {}

  /** `enter`: with the token in the URL, which is to go from there; the cookie stands for it from then on. */
  judge({ authorization, cookie, token: given }: Shown): 'pass' | 'enter' | 'refuse' {
    if (given !== undefined) {
      return this.token === undefined || isSameSecret(given, this.token) ? 'enter' : 'refuse';
    }
    if (this.token === undefined) return 'pass';
    const [, bearer] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? [];
    if (bearer !== undefined) return isSameSecret(bearer, this.token) ? 'pass' : 'refuse';
    return sessionsOf(cookie).some((session) => isSameSecret(session, this.#session)) ? 'pass' : 'refuse';
  }

  /** The Set-Cookie header of who entered. @param port browsers give a server's cookies to all ports of its machine */
  cookie(port: number): string {
    return `${cookieName(port)}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }
}

const cookieName = (port: number): string => `netmgr-${String(port)}`;

/** Of all cookies, those that may be ours; which port the browser thinks it talks to is not known behind a tunnel. */
function sessionsOf(cookie = ''): string[] {
  return cookie
    .split(';')
    .map((part) => part.trim().split('='))
    .filter(([name = '']) => name.startsWith('netmgr-'))
    .map(([, value = '']) => value)
    .filter((value) => SESSION.test(value));
}
