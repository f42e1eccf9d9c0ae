import { setTimeout as sleep } from 'node:timers/promises';
import snmp from 'net-snmp';
import { NetmgrError } from '../../errors.js';
import { isEngineId } from '../../units/engine-id.js';
import type { UdpAddress } from '../../units/udp-address.js';

/** Milliseconds until the question is repeated. */
const TIMEOUT = 500;
const RETRIES = 2;
/** Milliseconds from one look at what the session knows to the next. */
const LOOK = 10;
/** snmpEngineID.0 (RFC 3411). It is not read: the engine says who it is before. */
const ENGINE_ID = '1.3.6.1.6.3.10.2.1.1.0';

/** What a session of the library knows of the other engine once that has answered; it has no name for it in public. */
interface Discovered {
  readonly msgSecurityParameters?: { readonly msgAuthoritativeEngineID?: Buffer };
}

/**
 * Asks an SNMP engine for its ID (RFC 3414 section 4). The answer is not authenticated: an engine that lies gets informs that
 * it cannot read.
 *
 * @returns hexadecimal
 * @throws NetmgrError `Unreachable`
 */
export async function discoverEngine(address: UdpAddress): Promise<string> {
  const session = snmp.createV3Session(
    address.ip.toString(),
    { name: '', level: snmp.SecurityLevel.noAuthNoPriv },
    {
      ...{ port: address.port, timeout: TIMEOUT, retries: RETRIES },
      transport: address.ip.version === 4 ? 'udp4' : 'udp6',
    },
  );
  // What is no SNMP would end the process else.
  session.on('error', () => undefined);
  try {
    const request = { isOver: false };
    session.get([ENGINE_ID], () => (request.isOver = true));
    // Nobody answers the request itself, which comes from no user: its end is not waited for.
    for (;;) {
      const id = (session as Discovered).msgSecurityParameters?.msgAuthoritativeEngineID;
      if (id !== undefined && isEngineId(id.toString('hex'))) return id.toString('hex');
      if (request.isOver) break;
      await sleep(LOOK);
    }
  } finally {
    session.close();
  }
  throw new NetmgrError({
    kind: 'Unreachable',
    message: `the receiver of informs at ${address.toString()} does not tell its engine ID`,
    hint: `Start it if it does not run, or give its engine ID, of 5 to 32 octets: --inform ${address.toString()}=80001f88…`,
  });
}
